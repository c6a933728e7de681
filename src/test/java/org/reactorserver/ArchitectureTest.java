package org.reactorserver;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import org.junit.jupiter.api.Test;

/** Imports go down only: cli → (the server, load, client) → (loop, framing, text). */
class ArchitectureTest {
    private static final String ROOT = "org.reactorserver";
    private static final String[] JDK_AND_LOGGING = {"java..", "org.slf4j.."};

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    /** The classes of a room use their own room, these ones, and these packages of others. */
    private static ArchRule room(String room, String... others) {
        String[] allowed = new String[1 + JDK_AND_LOGGING.length + others.length];
        allowed[0] = room;
        System.arraycopy(JDK_AND_LOGGING, 0, allowed, 1, JDK_AND_LOGGING.length);
        System.arraycopy(others, 0, allowed, 1 + JDK_AND_LOGGING.length, others.length);
        return ArchRuleDefinition.classes()
                .that()
                .resideInAPackage(room)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(allowed)
                .allowEmptyShould(true); // a room that is not built yet
    }

    @Test
    void theLoopKnowsNothingButTheJdk() {
        room(ROOT + ".loop").check(CLASSES);
    }

    @Test
    void theFramingsKnowNothingButTheJdk() {
        room(ROOT + ".framing").check(CLASSES);
    }

    @Test
    void theTextsKnowNothingButTheJdk() {
        room(ROOT + ".text").check(CLASSES);
    }

    @Test
    void theServerStandsOnLoopFramingAndText() {
        room(
                        ROOT,
                        ROOT + ".engine",
                        ROOT + ".option",
                        ROOT + ".wire",
                        ROOT + ".loop",
                        ROOT + ".framing",
                        ROOT + ".text")
                .check(CLASSES);
    }

    @Test
    void theClientStandsOnLoopAndFramingAndNotOnTheServer() {
        room(ROOT + ".client", ROOT + ".loop", ROOT + ".framing", ROOT + ".text")
                .check(CLASSES);
    }

    @Test
    void theLoadClientStandsOnLoopAndFramingAndNotOnTheServer() {
        room(
                        ROOT + ".load",
                        ROOT + ".loop",
                        ROOT + ".framing",
                        ROOT + ".text",
                        "org.HdrHistogram..",
                        "com.sun.management..")
                .check(CLASSES);
    }

    @Test
    void noRoomIsPartOfACycle() {
        slices().assignedFrom(new SliceAssignment() {
                    @Override
                    public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
                        // the contract and the engine know each other: classes do not
                        return SliceIdentifier.of(javaClass.getPackageName().replace(".engine", ""));
                    }

                    @Override
                    public String getDescription() {
                        return "the rooms";
                    }
                })
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }
}
