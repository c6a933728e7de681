package org.reactorserver.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.reactorserver.helper.Programs;
import org.reactorserver.load.text.Json;

/** Which jar holds what. */
class JarsIT {
    private static final String ROOT = "org/reactorserver/";
    private static final Set<String> BESIDE_THE_LIBRARY =
            Set.of("cli", "client", "cluster", "demo", "dial", "exercise", "load", "nats", "testkit");
    private static final Set<String> WITH_A_SERVER = Set.of("admin", "flight", "metrics", "page");
    private static final String REFLECTION =
            "META-INF/native-image/org.reactorserver/reactor-server/reflect-config.json";

    private static final int LARGEST_LIBRARY = 410_000; // bytes

    private static Set<String> entries(String jar) throws IOException {
        try (JarFile file = new JarFile(jar)) {
            return file.stream()
                    .filter(entry -> !entry.isDirectory())
                    .map(ZipEntry::getName)
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static Set<String> classes(String jar) throws IOException {
        return entries(jar).stream()
                .filter(name -> name.startsWith(ROOT) && name.endsWith(".class"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The first package below the root's; empty for the root's own. */
    private static String room(String entry) {
        String inside = entry.substring(ROOT.length());
        return inside.contains("/") ? inside.substring(0, inside.indexOf('/')) : "";
    }

    @Test
    void theLibraryIsTheCoreAndTheContract() throws IOException {
        assertThat(classes(Programs.library()).stream().map(JarsIT::room))
                .contains("", "engine", "framing", "wire")
                .doesNotContainAnyElementsOf(BESIDE_THE_LIBRARY)
                .doesNotContainAnyElementsOf(WITH_A_SERVER);
        assertThat(entries(Programs.library()))
                .contains("module-info.class", "META-INF/LICENSE", REFLECTION)
                .doesNotContain("simplelogger.properties");
        assertThat(Files.size(Path.of(Programs.library()))).isLessThan(LARGEST_LIBRARY);
    }

    @Test
    void eachClassIsInOneOfTheFiveJarsThatArePublished() throws IOException {
        List<String> all = new ArrayList<>(classes(Programs.library()));
        all.addAll(classes(Programs.publishedBeside("admin")));
        all.addAll(classes(Programs.publishedBeside("cli")));
        all.addAll(classes(Programs.publishedBeside("cluster")));
        all.addAll(classes(Programs.publishedBeside("testkit")));
        Set<String> compiled = new TreeSet<>();
        new ClassFileImporter()
                .importPath(Programs.mainClasses())
                .forEach(each -> compiled.add(each.getName().replace('.', '/') + ".class"));
        assertThat(all).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(compiled);
        assertThat(classes(Programs.publishedBeside("testkit")).stream().map(JarsIT::room))
                .containsOnly("testkit");
        assertThat(classes(Programs.publishedBeside("admin")).stream()
                        .map(JarsIT::room)
                        .collect(Collectors.toSet()))
                .isEqualTo(WITH_A_SERVER);
    }

    @Test
    void theSelfContainedJarHasLibraryAndCommandLineAndALogger() throws IOException {
        Set<String> expected = new TreeSet<>(classes(Programs.library()));
        expected.addAll(classes(Programs.publishedBeside("admin")));
        expected.addAll(classes(Programs.publishedBeside("cli")));
        expected.addAll(classes(Programs.publishedBeside("cluster")));
        assertThat(classes(Programs.jar())).isEqualTo(expected);
        assertThat(entries(Programs.jar()))
                .contains("simplelogger.properties", "org/slf4j/simple/SimpleLogger.class")
                .doesNotContain("module-info.class")
                .noneMatch(entry -> entry.startsWith("io/nats/"));
    }

    @Test
    void noClassOfTheLibraryReachesOutsideIt() throws IOException {
        try (JarFile jar = new JarFile(Programs.library())) {
            Set<String> outside = new TreeSet<>();
            for (JavaClass each : new ClassFileImporter().importJar(jar)) {
                each.getDirectDependenciesFromSelf().stream()
                        .map(dependency -> dependency.getTargetClass().getBaseComponentType())
                        .filter(target -> !target.isPrimitive() && isOutside(jar, target.getName()))
                        .forEach(target -> outside.add(each.getName() + " → " + target.getName()));
            }
            assertThat(outside).isEmpty();
        }
    }

    private static ModuleDescriptor module(String jar) throws IOException {
        try (JarFile file = new JarFile(jar);
                InputStream in = file.getInputStream(file.getEntry("module-info.class"))) {
            return ModuleDescriptor.read(in);
        }
    }

    private static List<String> exportedToAll(ModuleDescriptor module) {
        return module.exports().stream()
                .filter(each -> !each.isQualified())
                .map(ModuleDescriptor.Exports::source)
                .toList();
    }

    private static boolean isOutside(JarFile jar, String name) {
        boolean isOfOthers = name.startsWith("java.")
                || name.startsWith("javax.net.ssl.")
                || name.startsWith("javax.security.auth.x500.")
                || name.startsWith("jdk.net.")
                || name.startsWith("org.slf4j.");
        return !isOfOthers && jar.getEntry(name.replace('.', '/') + ".class") == null;
    }

    @Test
    void theModulesExportTheContractToAllAndTheEngineToTheTestKit() throws IOException {
        ModuleDescriptor library = module(Programs.library());
        assertThat(exportedToAll(library))
                .containsExactlyInAnyOrder(
                        "org.reactorserver",
                        "org.reactorserver.framing",
                        "org.reactorserver.limit",
                        "org.reactorserver.option",
                        "org.reactorserver.wire");
        assertThat(library.exports().stream()
                        .filter(ModuleDescriptor.Exports::isQualified)
                        .flatMap(each -> each.targets().stream()))
                .containsOnly("org.reactorserver.testkit", "org.reactorserver.admin", "org.reactorserver.cluster");
        assertThat(library.requires().stream().map(ModuleDescriptor.Requires::name))
                .containsExactlyInAnyOrder("java.base", "jdk.net", "org.slf4j");
        assertThat(exportedToAll(module(Programs.publishedBeside("admin"))))
                .containsExactlyInAnyOrder(
                        "org.reactorserver.admin",
                        "org.reactorserver.flight",
                        "org.reactorserver.metrics",
                        "org.reactorserver.page");
    }

    @Test
    void whatANativeImageIsToldOfExists() throws IOException, ReflectiveOperationException {
        String text;
        try (JarFile jar = new JarFile(Programs.library());
                InputStream in = jar.getInputStream(jar.getEntry(REFLECTION))) {
            text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        for (Object each : (List<?>) Json.read(text)) {
            Map<?, ?> type = (Map<?, ?>) each;
            Map<?, ?> condition = (Map<?, ?>) type.get("condition");
            assertThat(classes(Programs.library()))
                    .contains(condition.get("typeReachable").toString().replace('.', '/') + ".class");
            if (Runtime.version().feature() >= 21) { // virtual threads
                for (Object method : (List<?>) type.get("methods")) {
                    assertThat(find(type.get("name").toString(), (Map<?, ?>) method))
                            .isNotNull();
                }
            }
        }
    }

    private static Method find(String type, Map<?, ?> method) throws ReflectiveOperationException {
        List<Class<?>> parameters = new ArrayList<>();
        for (Object parameter : (List<?>) method.get("parameterTypes")) {
            parameters.add(parameter.equals("long") ? long.class : Class.forName(parameter.toString()));
        }
        return Class.forName(type).getMethod(method.get("name").toString(), parameters.toArray(new Class<?>[0]));
    }
}
