package org.reactorserver.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactorserver.PassStep;

class WhatTest {
    @ParameterizedTest
    @EnumSource
    void theMethodThatDoesItExists(What what) throws Exception {
        String[] place = what.place.split("#");
        Class<?> type = Class.forName("org.reactorserver." + place[0]);
        assertThat(type.getDeclaredMethods())
                .as("methods of %s, or of a class in it", type)
                .anyMatch(method -> method.getName().equals(place[1]));
    }

    @ParameterizedTest
    @EnumSource
    void itIsToldInBothLanguages(What what) {
        assertThat(what.english).matches("[ -~“”]+\\.");
        assertThat(what.chinese).endsWith("。").matches(".*\\p{IsHan}.*");
    }

    @Test
    void theSixStepsComeFirst() {
        assertThat(Arrays.stream(What.values()).filter(What::isStep).map(Enum::name))
                .containsExactlyElementsOf(
                        Arrays.stream(PassStep.values()).map(Enum::name).toList());
        assertThat(Arrays.stream(PassStep.values()).map(What::of)).allMatch(What::isStep);
    }
}
