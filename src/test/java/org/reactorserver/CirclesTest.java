package org.reactorserver;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CirclesTest {
    private final Circles circles = new Circles();

    /** Such as {@code "ab bc"}: a uses b, b uses c. */
    private void uses(String pairs) {
        for (String pair : pairs.split(" ")) {
            circles.add(pair.substring(0, 1), pair.substring(1), "(" + pair + ")");
        }
    }

    @Test
    void whatGoesDownOnlyHasNone() {
        uses("ab ac bd cd aa");
        assertThat(circles.find()).isEmpty();
    }

    @Test
    void eachIsToldOnceFromItsFirstNameOnWithItsPlacesTheShortestFirst() {
        uses("ca ab bc xy yx");
        assertThat(circles.find()).containsExactly("x → y (xy) → x (yx)", "a → b (ab) → c (bc) → a (ca)");
    }

    @Test
    void eachUseThatIsPartOfOneIsInOneThatIsTold() {
        uses("ab ba bc ca");
        assertThat(circles.find()).containsExactly("a → b (ab) → a (ba)", "a → b (ab) → c (bc) → a (ca)");
    }

    @Test
    void twoThatMayUseEachOtherAreNone() {
        uses("fl lf fc cf lx fx");
        circles.allow("f", "l");
        circles.allow("c", "f");
        assertThat(circles.find()).isEmpty();
        assertThat(circles.areMutual("l", "f")).isTrue();
        assertThat(circles.areMutual("f", "x")).isFalse();
    }

    @Test
    void aLongerOneThroughThemIsOne() {
        uses("fl lf fc cf cl");
        circles.allow("f", "l");
        circles.allow("f", "c");
        assertThat(circles.find()).containsExactly("c → l (cl) → f (lf) → c (fc)");
    }
}
