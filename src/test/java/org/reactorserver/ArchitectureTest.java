package org.reactorserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Imports go down only: from a room to rooms below it, and between classes never in a circle. */
class ArchitectureTest {
    private static final String ROOT = "org.reactorserver";

    /** All rooms may use these. */
    private static final List<String> JDK_AND_LOGGING = List.of("java.", "org.slf4j.");

    /** A public factory and what it makes: these pairs may know each other, and no others. */
    private static final List<List<String>> FACTORIES_AND_PRODUCTS = List.of(
            List.of("framing.Framing", "framing.ChunkFraming"),
            List.of("framing.Framing", "framing.LineFraming"),
            List.of("framing.Framing", "framing.DelimitedFraming"),
            List.of("framing.Framing", "framing.LengthFraming"),
            List.of("framing.Framing", "framing.OctetFraming"));

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    // -- the rooms
    // ------------------------------------------------------------------------------------

    /** The rooms, a lower one always before a higher one. Not all of them are built. */
    private static final Map<String, Room> ROOMS = new LinkedHashMap<>();

    /** A package below the root's, or one of the two rooms that share the root's. */
    private record Room(List<String> uses, List<String> libraries) {
        /** What it uses outside of the JDK and the house, as the beginning of a class's name. */
        void with(String... names) {
            libraries.addAll(List.of(names));
        }
    }

    private static Room room(String name, String... uses) {
        Room room = new Room(List.of(uses), new ArrayList<>(JDK_AND_LOGGING));
        ROOMS.put(name, room);
        return room;
    }

    /** The root's package without {@link #SERVER}. */
    private static final String CONTRACT = "the contract";

    /** The one class of the users' that sees the engine, with its builder and what tells its values. */
    private static final String SERVER = "ReactorServer";

    private static final Set<String> OF_THE_SERVER =
            Set.of(SERVER, "BuilderOptions", "Extensions", "InForce", "FileDescriptors", "ThreadNames");

    static {
        room("text");
        room("loop", "text");
        room("framing");
        room("limit", "text", "loop");
        room("wire", "text").with("javax.net.ssl.", "javax.security.auth.x500.", "jdk.net.");
        room("option", "text", "limit", "wire");

        room(CONTRACT, "option", "wire");
        room("crossing", "text", "loop", "framing");
        room("guest", "text", "loop", "framing", "wire", CONTRACT);
        room("session", "text", "option", "loop", "framing", "limit", "wire", CONTRACT, "crossing", "guest");
        room("engine", "text", "option", "loop", "framing", "limit", "wire", CONTRACT, "crossing", "guest", "session");
        room(SERVER, "text", "option", "framing", "limit", "wire", CONTRACT, "session", "engine")
                .with("javax.net.ssl.");

        // what may come with a server: Extension
        room("flight", "text", CONTRACT).with("jdk.jfr.");
        room("page", "text", "option", CONTRACT).with("com.sun.net.httpserver.");
        room("metrics", "text", "loop", "option", CONTRACT);
        room("admin", "text", "loop", "option", "wire", CONTRACT, "metrics", "page")
                .with("com.sun.net.httpserver.");

        room("cluster", "text", CONTRACT, SERVER, "metrics");
        room("nats", "text", CONTRACT).with("io.nats.client.", "javax.net.ssl.");
        room("testkit.net");
        room("testkit", "option", "framing", "wire", CONTRACT, "cluster", "session", "engine", SERVER, "testkit.net");

        room("dial", "text", "loop", "wire"); // how clients reach a server; they never see ours
        room("client", "text", "loop", "framing", "dial");
        room("demo", "text", "framing", CONTRACT, SERVER, "dial", "client");
        room("exercise", "text", "demo").with("javax.tools.");
        room("load.text", "text");
        room("load.measure").with("org.HdrHistogram.", "com.sun.management.");
        room("load.protocol", "option", "framing", "load.text");
        room("load.plan", "framing", "dial", "load.text", "load.protocol");
        room("load.result", "text", "load.text", "load.measure", "load.plan");
        room("load.drive", "text", "loop", "wire", "dial", "load.text", "load.measure", "load.protocol", "load.plan");
        room("load.report", "text", "framing", "load.text", "load.measure", "load.protocol", "load.plan", "load.result")
                .with("org.HdrHistogram.");
        room("load.run", "dial", "load.measure", "load.plan", "load.result", "load.drive", "load.report");
        room("load.selftest", "framing", "load.text", "load.plan", "load.result", "load.run");

        room(
                        "cli",
                        "text",
                        "option",
                        "framing",
                        "limit",
                        "wire",
                        CONTRACT,
                        SERVER,
                        "flight",
                        "page",
                        "admin",
                        "cluster",
                        "nats",
                        "dial",
                        "client",
                        "demo",
                        "exercise",
                        "load.text",
                        "load.protocol",
                        "load.plan",
                        "load.result",
                        "load.report",
                        "load.run",
                        "load.selftest")
                .with("picocli.");
    }

    private static String roomOf(JavaClass javaClass) {
        String inside = javaClass.getPackageName().substring(ROOT.length());
        if (!inside.isEmpty()) {
            return inside.substring(1);
        }
        return OF_THE_SERVER.contains(topLevel(javaClass)) ? SERVER : CONTRACT;
    }

    @Test
    void theTableOfTheRoomsGoesDownOnly() {
        List<String> order = List.copyOf(ROOMS.keySet());
        ROOMS.forEach((name, room) -> assertThat(order.subList(0, order.indexOf(name)))
                .as("the rooms below %s", name)
                .containsAll(room.uses()));
    }

    @Test
    void everyClassStandsInARoomAndUsesRoomsBelow() {
        Map<String, String> faults = new TreeMap<>(); // one for two classes is enough
        for (JavaClass javaClass : CLASSES) {
            String name = roomOf(javaClass);
            Room room = ROOMS.get(name);
            if (room == null) {
                faults.put(name, "no room is called " + name + ": " + topLevel(javaClass));
                continue;
            }
            dependencies(javaClass).forEach(dependency -> {
                JavaClass target = target(dependency);
                boolean isOurs = isOurs(target);
                boolean mayUse = isOurs
                        ? roomOf(target).equals(name) || room.uses().contains(roomOf(target))
                        : room.libraries().stream().anyMatch(target.getName()::startsWith);
                if (!mayUse) {
                    String used = isOurs ? topLevel(target) : target.getName();
                    String what = topLevel(javaClass) + " → " + used;
                    String rule = name + " may not use " + (isOurs ? roomOf(target) : target.getPackageName());
                    faults.putIfAbsent(what, rule + ": " + what + " " + place(dependency));
                }
            });
        }
        assertThat(faults.values())
                .withFailMessage(() -> "uses that do not go down:" + lines(faults.values()))
                .isEmpty();
    }

    // -- the classes
    // ----------------------------------------------------------------------------------

    @Test
    void noTopLevelClassIsPartOfACircle() {
        Circles circles = circles();
        FACTORIES_AND_PRODUCTS.forEach(pair -> circles.allow(pair.get(0), pair.get(1)));
        List<String> found = circles.find();
        assertThat(found)
                .withFailMessage(
                        () -> found.size() + " circles of top-level classes, the shortest first:" + lines(found))
                .isEmpty();
    }

    @Test
    void theListedFactoriesAndProductsKnowEachOther() {
        Circles circles = circles();
        assertThat(FACTORIES_AND_PRODUCTS)
                .as("pairs that are to be taken off the list")
                .allMatch(pair -> circles.areMutual(pair.get(0), pair.get(1)));
    }

    private static Circles circles() {
        Circles circles = new Circles();
        for (JavaClass javaClass : CLASSES) {
            dependencies(javaClass)
                    .filter(dependency -> isOurs(target(dependency)))
                    .forEach(dependency ->
                            circles.add(topLevel(javaClass), topLevel(target(dependency)), place(dependency)));
        }
        return circles;
    }

    // -- what ArchUnit has read
    // -----------------------------------------------------------------------

    /** In the order of the source. */
    private static Stream<Dependency> dependencies(JavaClass javaClass) {
        return javaClass.getDirectDependenciesFromSelf().stream()
                .filter(dependency -> !target(dependency).isPrimitive())
                .sorted();
    }

    /** The line, but for declarations, of which the class file has none. */
    private static String place(Dependency dependency) {
        return dependency.getSourceCodeLocation().toString().replace(":0)", ")");
    }

    private static JavaClass target(Dependency dependency) {
        return dependency.getTargetClass().getBaseComponentType(); // of an array: what it is an array of
    }

    private static boolean isOurs(JavaClass javaClass) {
        return javaClass.getName().startsWith(ROOT + ".");
    }

    /** The outermost class, with its room: {@code framing.Framing}. */
    private static String topLevel(JavaClass javaClass) {
        return javaClass.getName().substring(ROOT.length() + 1).split("\\$", 2)[0];
    }

    private static String lines(Iterable<String> all) {
        return "\n  " + String.join("\n  ", all);
    }
}
