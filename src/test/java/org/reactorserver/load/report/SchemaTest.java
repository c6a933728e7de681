package org.reactorserver.load.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactorserver.framing.Framing;
import org.reactorserver.load.TestServer;
import org.reactorserver.load.plan.LoadPlan;
import org.reactorserver.load.plan.Slo;
import org.reactorserver.load.run.LoadRun;
import org.reactorserver.load.text.Json;

/** The schema that is published describes what is written. */
@Timeout(60)
class SchemaTest {
    private final List<String> faults = new ArrayList<>();

    /** As much of JSON Schema as ours needs. */
    private void check(Object schema, Object value, String place) {
        Map<?, ?> rules = (Map<?, ?>) schema;
        if (rules.get("enum") instanceof List<?> values && !values.contains(value)) {
            faults.add(place + " is " + value);
        }
        if (rules.containsKey("type") && types(rules).stream().noneMatch(type -> isOf((String) type, value))) {
            faults.add(place + " is " + value + " and not " + types(rules));
        }
        if (value instanceof Map<?, ?> map) {
            checkMap(rules, map, place);
        } else if (value instanceof List<?> list && rules.containsKey("items")) {
            for (int i = 0; i < list.size(); i++) {
                check(rules.get("items"), list.get(i), place + "[" + i + "]");
            }
        }
    }

    private void checkMap(Map<?, ?> rules, Map<?, ?> map, String place) {
        Map<?, ?> properties = rules.get("properties") instanceof Map<?, ?> given ? given : Map.of();
        if (rules.get("required") instanceof List<?> required) {
            required.stream().filter(key -> !map.containsKey(key)).forEach(key -> faults.add(place + " has no " + key));
        }
        map.forEach((key, value) -> {
            if (properties.containsKey(key)) {
                check(properties.get(key), value, place + "." + key);
            } else if (rules.get("additionalProperties") instanceof Map<?, ?> others) {
                check(others, value, place + "." + key);
            } else {
                faults.add(place + " has " + key + ", which the schema does not know");
            }
        });
    }

    private static List<?> types(Map<?, ?> rules) {
        return rules.get("type") instanceof List<?> list ? list : List.of(rules.get("type"));
    }

    private static boolean isOf(String type, Object value) {
        return switch (type) {
            case "null" -> value == null;
            case "object" -> value instanceof Map;
            case "array" -> value instanceof List;
            case "string" -> value instanceof String;
            case "boolean" -> value instanceof Boolean;
            case "integer" -> value instanceof Long;
            default -> value instanceof Number;
        };
    }

    private List<String> faultsOf(LoadPlan plan) throws Exception {
        String json = JsonReport.of(new LoadRun(plan, List.of(Slo.parse("errors=0"))).run());
        Object schema = Json.read(Files.readString(Path.of("docs/load.schema.json")));
        check(schema, Json.read(json), "result");
        return faults;
    }

    @Test
    void aResultOfTheClosedModelIsAsTheSchemaSays() throws Exception {
        try (TestServer server = TestServer.lines((line, number, out) -> {
            if (number == 50) {
                Thread.sleep(60); // a stall
            }
            out.write(number == 60 ? "oh\n".getBytes("UTF-8") : line);
        })) {
            LoadPlan plan = LoadPlan.builder()
                    .port(server.port())
                    .framing(Framing.lines())
                    .connections(1)
                    .messages(200)
                    .expectEcho()
                    .build();
            assertThat(faultsOf(plan)).isEmpty();
        }
    }

    @Test
    void aResultOfTheOpenModelIsAsTheSchemaSays() throws Exception {
        try (TestServer server = TestServer.echo()) {
            LoadPlan plan = LoadPlan.builder()
                    .port(server.port())
                    .send("a{seq}")
                    .expectEcho()
                    .connections(2)
                    .warmUp(Duration.ofMillis(100))
                    .duration(Duration.ofMillis(400))
                    .rate(500)
                    .build();
            assertThat(faultsOf(plan)).isEmpty();
        }
    }

    @Test
    void whatTheSchemaDoesNotKnowIsNoticed() throws Exception {
        Object schema = Json.read(Files.readString(Path.of("docs/load.schema.json")));
        check(schema, Json.read("{\"verdict\": \"FINE\", \"more\": 1}"), "result");
        assertThat(faults)
                .contains("result.verdict is FINE", "result has no plan")
                .contains("result has more, which the schema does not know");
    }
}
