package org.reactorserver.load.drive;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.reactorserver.framing.Framing;
import org.reactorserver.load.plan.Exchange;
import org.reactorserver.load.plan.LoadPlan;

/** The place where the first of many replies begins, found as one would find it by hand. */
class FinderTest {
    @Test
    void itFindsWhatASearchByHandFinds() {
        Random random = new Random(1);
        for (int round = 0; round < 300; round++) {
            Exchange exchange = LoadPlan.builder()
                    .framing(Framing.chunks())
                    .message("a{seq}b")
                    .expectEcho()
                    .build()
                    .exchange();
            Finder finder = new Finder(exchange);
            int first = 1 + random.nextInt(12);
            int last = first + random.nextInt(5);
            for (int seq = first; seq <= last; seq++) {
                exchange.expect(1, seq);
                finder.add();
            }
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < 40; i++) {
                text.append(random.nextInt(6) == 0 ? "a" + random.nextInt(20) + "b" : "ab12".charAt(random.nextInt(4)));
            }
            int expected = -1;
            for (int seq = first; seq <= last; seq++) {
                int at = text.indexOf("a" + seq + "b");
                expected = at < 0 ? expected : expected < 0 ? at : Math.min(expected, at);
            }
            byte[] bytes = text.toString().getBytes();
            assertThat(finder.find(bytes, 0, bytes.length, at -> true))
                    .as("%s", text)
                    .isEqualTo(expected);
            assertThat(finder.find(bytes, 0, bytes.length, at -> false)).isEqualTo(-1);
        }
    }
}
