package org.reactorserver.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.reactorserver.helper.Yaml.get;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reactorserver.helper.Shell;
import org.reactorserver.helper.Yaml;
import org.reactorserver.option.Option;
import org.reactorserver.option.Options;

/** That the manifests fit the server and each other; of their form a schema says more. */
class KubernetesTest {
    private static final Path MANIFEST = Path.of("src/dist/kubernetes/reactor-server.yaml");

    @TempDir
    Path directory;

    private final Map<String, Object> objects = new LinkedHashMap<>();
    private final Object pod;
    private final Object container;

    KubernetesTest() throws IOException {
        for (Object each : Yaml.documents(Files.readString(MANIFEST))) {
            objects.put(get(each, "kind").toString(), each);
        }
        pod = get(objects.get("Deployment"), "spec", "template");
        container = get(pod, "spec", "containers", 0);
    }

    @Test
    void everyObjectIsOfAKindThatStays() {
        assertThat(objects).containsOnlyKeys("ConfigMap", "Deployment", "Service", "PodDisruptionBudget");
        assertThat(objects.values())
                .extracting(each -> get(each, "apiVersion"))
                .containsExactly("v1", "apps/v1", "v1", "policy/v1");
    }

    @Test
    void whatSelectsPodsSelectsThese() {
        Object labels = get(pod, "metadata", "labels");
        assertThat(get(objects.get("Deployment"), "spec", "selector", "matchLabels"))
                .isEqualTo(labels);
        assertThat(get(objects.get("Service"), "spec", "selector")).isEqualTo(labels);
        assertThat(get(objects.get("PodDisruptionBudget"), "spec", "selector", "matchLabels"))
                .isEqualTo(labels);
    }

    @ParameterizedTest
    @CsvSource({"startupProbe, /healthz", "livenessProbe, /healthz", "readinessProbe, /readyz"})
    void probesAskTheAdminPort(String probe, String path) {
        assertThat(get(container, probe, "httpGet", "path")).isEqualTo(path);
        assertThat(get(container, probe, "httpGet", "port")).isEqualTo("admin");
    }

    @Test
    void portsAreThoseOfTheConfiguration() {
        String config = config();
        assertThat(get(container, "ports", 0).toString()).isEqualTo("{name=messages, containerPort=8888}");
        assertThat(get(objects.get("Service"), "spec", "ports", 0, "targetPort"))
                .isEqualTo("messages");
        assertThat(config).contains("host=0.0.0.0\n").doesNotContain("\nport=");
        assertThat(Options.PORT.standard()).isEqualTo(8888);
        assertThat(config)
                .contains("admin=0.0.0.0:" + get(container, "ports", 1, "containerPort") + "\n", "admin-remote=true\n");
        assertThat(get(container, "ports", 1, "name")).isEqualTo("admin");
    }

    /** What is left to a pod after preStop must be enough to drain, and to say so. */
    @Test
    void thePodIsGivenTheTimeThatTheEndTakes() {
        int grace = Integer.parseInt(
                get(pod, "spec", "terminationGracePeriodSeconds").toString());
        int preStop = Integer.parseInt(
                get(container, "lifecycle", "preStop", "sleep", "seconds").toString());
        assertThat(grace - preStop)
                .isGreaterThan((int) Options.DRAIN_TIMEOUT.standard().toSeconds() + 2);
    }

    @Test
    void theConfigurationIsWhereTheServerLooksForIt() {
        List<?> arguments = (List<?>) get(container, "args");
        assertThat(arguments.get(0)).isEqualTo("serve");
        Path file = Path.of(arguments.get(2).toString());
        assertThat(get(container, "volumeMounts", 0, "mountPath"))
                .isEqualTo(file.getParent().toString());
        assertThat(get(objects.get("ConfigMap"), "data", file.getFileName().toString()))
                .isEqualTo(config());
    }

    @Test
    void theConfigurationCanBeHad() throws IOException, ConfigFile.Problem {
        List<String> names = ServeOptions.OF_FILES.stream().map(Option::name).toList();
        assumeTrue(names.contains("admin"), "skipped: there is no --admin in this server");
        Path file = Files.writeString(directory.resolve("reactor-server.conf"), config());
        assertThat(ConfigFile.read(file, names).get("framing")).isEqualTo("line");
    }

    @Test
    void kubeconformHasNothingToComplainOf() {
        assumeTrue(Shell.has("kubeconform", "-v"), "skipped: there is no kubeconform");
        Shell.run("kubeconform", "-strict", MANIFEST.toString());
    }

    private String config() {
        return get(objects.get("ConfigMap"), "data", "reactor-server.conf").toString();
    }
}
