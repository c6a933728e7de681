package org.reactorserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What users can come across, beginning with the contract, is in packages that are exported, and is promised to stay.
 */
class ContractTest {
    private static final String ROOT = "org.reactorserver";
    private static final Path PROMISES = Path.of("docs/compatibility.md");

    /** Of packages that users see and that hold other classes too. */
    private static final Set<String> PARTLY = Set.of(ROOT + ".framing", ROOT + ".limit", ROOT + ".wire");

    private static final Set<String> WHOLLY = Set.of(ROOT, ROOT + ".option");

    /** No part of the contract: for the test kit and the command line. */
    private static final Set<String> NOT_FOR_USERS = Set.of("settings", "stage");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    @Test
    void whatUsersComeAcrossIsPromisedToStay() throws IOException {
        String promises = Files.readString(PROMISES);
        Map<String, String> reachable = reachable();
        reachable.keySet().removeIf(type -> isPromised(CLASSES.get(type), promises));
        assertThat(reachable)
                .as("what users come across and %s does not name, by what leads there", PROMISES)
                .isEmpty();
    }

    private static boolean isPromised(JavaClass type, String promises) {
        return WHOLLY.contains(type.getPackageName())
                || PARTLY.contains(type.getPackageName())
                        && promises.contains("`" + topLevel(type).getSimpleName() + "`");
    }

    /** By type: the type that led there. */
    private static Map<String, String> reachable() {
        Map<String, String> found = new TreeMap<>();
        ArrayDeque<JavaClass> next = new ArrayDeque<>();
        for (JavaClass each : CLASSES) {
            if (each.getPackageName().equals(ROOT) && isVisible(each)) {
                found.put(each.getName(), "the contract");
                next.add(each);
            }
        }
        while (!next.isEmpty()) {
            JavaClass from = next.remove();
            for (JavaClass type : inSignatures(from)) {
                JavaClass known = type.getBaseComponentType();
                if (known.getName().startsWith(ROOT)
                        && isVisible(known)
                        && found.putIfAbsent(known.getName(), from.getName()) == null) {
                    next.add(known);
                }
            }
        }
        return found;
    }

    private static boolean isVisible(JavaClass type) {
        return isVisible(type.getModifiers())
                && type.getEnclosingClass().map(ContractTest::isVisible).orElse(true);
    }

    private static boolean isVisible(Set<JavaModifier> modifiers) {
        return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
    }

    private static Set<JavaClass> inSignatures(JavaClass type) {
        Set<JavaClass> all = new TreeSet<>((one, other) -> one.getName().compareTo(other.getName()));
        type.getRawSuperclass().ifPresent(all::add);
        all.addAll(type.getRawInterfaces());
        for (JavaCodeUnit each : type.getCodeUnits()) {
            if (isVisible(each.getModifiers()) && !NOT_FOR_USERS.contains(each.getName())) {
                Stream.concat(each.getParameterTypes().stream(), Stream.of(each.getReturnType()))
                        .forEach(signature -> all.addAll(signature.getAllInvolvedRawTypes()));
                all.addAll(each.getExceptionTypes());
            }
        }
        for (JavaField each : type.getFields()) {
            if (isVisible(each.getModifiers())) {
                all.addAll(each.getType().getAllInvolvedRawTypes());
            }
        }
        return all;
    }

    private static JavaClass topLevel(JavaClass type) {
        return type.getEnclosingClass().map(ContractTest::topLevel).orElse(type);
    }
}
