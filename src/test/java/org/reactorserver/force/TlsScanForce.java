package org.reactorserver.force;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reactorserver.helper.JarProcess;
import org.reactorserver.helper.Results;
import org.reactorserver.helper.Shell;
import org.reactorserver.helper.TestKeys;

/**
 * What <a href="https://testssl.sh">testssl.sh</a> finds at a TLS port, with an EC key and an RSA key. It connects to
 * nothing but the port: no names are looked up, and it does not phone out unless it is told to.
 *
 * <p>With every cipher suite of the JDK's allowed ({@code TlsContext.isStrong} true for all) it fails: CBC is offered, and with
 * it LUCKY13.
 */
class TlsScanForce {
    private static final Pattern FINDING = Pattern.compile(
            "\"id\" *: \"([^\"]*)\".*?\"severity\" *: \"([^\"]*)\".*?\"finding\" *: \"([^\"]*)\"", Pattern.DOTALL);
    private static final String NOT_OFFERED = "not offered";

    @TempDir
    private Path directory;

    @Test
    void a_scanner_finds_nothing_weak() throws Exception {
        String program = Stream.of("testssl", "testssl.sh")
                .filter(name -> Shell.has(name, "--version"))
                .findFirst()
                .orElse(null);
        assumeTrue(program != null, "skipped: testssl.sh is not installed");
        Path json = directory.resolve("findings.json");
        try (JarProcess server = JarProcess.serve(
                "--framing",
                "line",
                "--echo",
                "--transcript",
                "off",
                "--tls-cert",
                TestKeys.certificate("server") + "," + TestKeys.certificate("server-rsa"),
                "--tls-key",
                TestKeys.key("server") + "," + TestKeys.key("server-rsa"))) {
            Process process = new ProcessBuilder(command(program, json, server.port()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start(); // its exit code counts its warnings, as of a certificate that no public authority gave
            process.waitFor();
            Map<String, String> findings = new LinkedHashMap<>();
            List<String> grave = new ArrayList<>();
            FINDING.matcher(Files.readString(json)).results().forEach(finding -> {
                findings.put(finding.group(1), finding.group(3));
                if (isGrave(finding)) {
                    grave.add(finding.group(1) + ": " + finding.group(3));
                }
            });
            Results.row(
                    "52",
                    "testssl.sh, all of protocols, ciphers, forward secrecy, preferences and vulnerabilities",
                    "%d findings, %d grave; %s; TLS 1.2: %s; TLS 1.3: %s; client's renegotiation %s, compression %s; %d stack traces",
                    findings.size(),
                    grave.size(),
                    findings.get("protocol_negotiated"),
                    findings.get("cipherorder_TLSv1_2"),
                    findings.get("cipherorder_TLSv1_3"),
                    findings.get("secure_client_renego"),
                    findings.get("CRIME_TLS"),
                    server.err().stream()
                            .filter(line -> line.contains("Exception"))
                            .count());
            assertThat(grave).isEmpty();
            assertNothingOld(findings);
            assertNoAttack(findings);
            assertThat(server.err()).noneMatch(line -> line.contains("ERROR") || line.contains("\tat "));
        }
    }

    private static List<String> command(String program, Path json, int port) {
        return List.of(
                program,
                "--nodns",
                "none",
                "--warnings",
                "off",
                "--quiet",
                "--color",
                "0",
                "--jsonfile",
                json.toString(),
                "--protocols",
                "--std",
                "--fs",
                "--server-preference",
                "--vulnerable",
                "127.0.0.1:" + port);
    }

    /** The certificates are for tests: no authority signs them, and they are valid for a hundred years. */
    private static boolean isGrave(MatchResult finding) {
        return List.of("LOW", "MEDIUM", "HIGH", "CRITICAL").contains(finding.group(2))
                && !finding.group(1).startsWith("cert");
    }

    private static void assertNothingOld(Map<String, String> findings) {
        assertThat(findings)
                .containsEntry("SSLv2", NOT_OFFERED)
                .containsEntry("SSLv3", NOT_OFFERED)
                .containsEntry("TLS1", NOT_OFFERED)
                .containsEntry("TLS1_1", NOT_OFFERED)
                .containsEntry("TLS1_2", "offered")
                .containsEntry("TLS1_3", "offered with final")
                .containsEntry("cipherlist_NULL", NOT_OFFERED)
                .containsEntry("cipherlist_aNULL", NOT_OFFERED)
                .containsEntry("cipherlist_EXPORT", NOT_OFFERED)
                .containsEntry("cipherlist_LOW", NOT_OFFERED)
                .containsEntry("cipherlist_3DES_IDEA", NOT_OFFERED)
                .containsEntry("cipherlist_STRONG", "offered");
        assertThat(findings.get("cipherlist_AVERAGE")).isEqualTo(NOT_OFFERED); // CBC, also with ECDHE
        assertThat(findings.get("cipherorder_TLSv1_2").split(" "))
                .isNotEmpty()
                .allMatch(cipher -> cipher.matches("ECDHE-(ECDSA|RSA)-(AES(128|256)-GCM-SHA\\d+|CHACHA20-POLY1305)"));
        assertThat(findings.get("cipherorder_TLSv1_3").split(" "))
                .isNotEmpty()
                .allMatch(cipher -> cipher.matches("TLS_(AES_(128|256)_GCM|CHACHA20_POLY1305)_SHA\\d+"));
    }

    private static void assertNoAttack(Map<String, String> findings) {
        assertThat(findings).containsEntry("secure_renego", "supported");
        for (String attack : List.of(
                "secure_client_renego",
                "CRIME_TLS",
                "heartbleed",
                "CCS",
                "ROBOT",
                "POODLE_SSL",
                "SWEET32",
                "FREAK",
                "DROWN",
                "LOGJAM",
                "BEAST",
                "LUCKY13",
                "RC4")) {
            assertThat(findings.get(attack)).as(attack).startsWith("not vulnerable");
        }
    }
}
