package org.reactorserver.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.reactorserver.helper.Shell;

/** What {@code mvn -Pdist verify} makes, installed and run. */
class PackagesIT {

    /** Runs a script that tries what the property names. */
    private static String tried(String script, String property) {
        String made = System.getProperty(property);
        assumeTrue(made != null, "skipped: mvn -Pdist verify makes it");
        assumeTrue(Files.exists(Path.of(made)), "skipped: it cannot be made on this machine");
        String said = Shell.run("src/test/sh/" + script, made);
        assumeFalse(said.startsWith("skipped"), said);
        return said;
    }

    @Test
    void theDebInstallsServesAndPurges() {
        assertThat(tried("install-deb", "reactor.deb")).endsWith("purged: nothing is left\n");
    }

    @Test
    void theImageServesFromItsRoot() {
        assertThat(tried("run-image", "reactor.image")).contains("served from the image's root file system as 65534");
    }
}
