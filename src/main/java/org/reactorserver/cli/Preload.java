package org.reactorserver.cli;

import static org.reactorserver.text.Log.LOG;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * Loads what the server has not needed yet and will need for an error or at its end: the jar may have been
 * replaced by then, as a build does, and a jar that is written over while it runs gives no more classes. Behind
 * the ready line and with a low priority, since nothing waits for it. Whatever fails here fails again, and is
 * reported, where it matters.
 */
final class Preload extends Thread {
    /** Where these are: a server needs no other ones later. */
    private static final List<String> OURS = List.of("org/reactorserver/", "org/slf4j/");

    private static final List<String> OF_OTHER_COMMANDS =
            List.of("org/reactorserver/load/", "org/reactorserver/client/");
    private static final String CLASS = ".class";

    private final Runnable then;

    /**
     * Loads nothing yet.
     *
     * @param then run after that: work that takes long, and that nothing waits for either
     */
    Preload(Runnable then) {
        super("preload");
        this.then = then;
        setDaemon(true);
        setPriority(MIN_PRIORITY);
    }

    @Override
    public void run() {
        try {
            File jar = new File(Preload.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            if (jar.isFile()) { // and no directory of classes, which a build replaces one by one
                loadFrom(jar);
            }
        } catch (IOException | URISyntaxException | IllegalArgumentException e) {
            LOG.debug("what the server will need is loaded when it is needed", e); // not from a file
        }
        then.run();
    }

    private static void loadFrom(File jar) throws IOException {
        List<String> names;
        try (JarFile file = new JarFile(jar)) {
            names = file.stream()
                    .map(JarEntry::getName)
                    .filter(Preload::isNeeded)
                    .toList();
        }
        for (String name : names) {
            String className = name.substring(0, name.length() - CLASS.length()).replace('/', '.');
            try {
                Class.forName(className, false, Preload.class.getClassLoader());
            } catch (ClassNotFoundException | LinkageError e) {
                continue; // it is of no use without a library that is not here
            }
        }
    }

    private static boolean isNeeded(String name) {
        return name.endsWith(CLASS)
                && OURS.stream().anyMatch(name::startsWith)
                && OF_OTHER_COMMANDS.stream().noneMatch(name::startsWith);
    }
}
