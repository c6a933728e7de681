package org.reactorserver.page;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.reactorserver.PauseReason;

class RecordingTest {
    private static final String HOSTILE = "</script><script>alert(1)</script><!--\u202e\u2028";

    private static Reel.Cut cut(long leftOut) {
        Happening said = new Happening(What.RECEIVED, 7_000, 3, "selector", 5, 0, 0, HOSTILE);
        Snapshot nobody = new Snapshot(0, null, List.of(), 0);
        return new Reel.Cut(leftOut, List.of(new Frame(0, nobody, List.of(said), 0, null)));
    }

    /** What the page is, without what has happened: its files, and the words that come with them. */
    static int bytes() {
        int files = Stream.concat(Recording.SCRIPTS.stream(), Stream.of(Recording.STYLE, "page.html"))
                .mapToInt(name -> Recording.resource(name).getBytes(UTF_8).length)
                .sum();
        return files + Recording.words("").getBytes(UTF_8).length;
    }

    @Test
    void allFilesOfThePageTogetherAreSmall() {
        assertThat(bytes()).isLessThan(120 * 1024);
    }

    @Test
    void whatAClientSaidIsDataAndEndsNoScript() {
        String page = Recording.replay(cut(0), true);
        assertThat(page)
                .contains("\\u003c/script>\\u003cscript>alert(1)")
                .doesNotContain("<script>alert")
                .doesNotContain("\u202e", "\u2028");
    }

    @Test
    void withoutTheTokenWhatAClientSaidIsNotInIt() {
        assertThat(Recording.replay(cut(0), false)).contains("\"received\"").doesNotContain("alert(1)");
    }

    @Test
    void whatWasLeftOutIsTold() {
        assertThat(Recording.replay(cut(1_234), true)).contains("{\"left_out\":1234,");
    }

    @Test
    void itsPolicyAllowsItsOwnScriptsAndNothingElse() throws Exception {
        String page = Recording.replay(cut(0), true);
        Matcher policy = Pattern.compile("Content-Security-Policy\" content=\"([^\"]+)\"")
                .matcher(page);
        assertThat(policy.find()).isTrue();
        assertThat(policy.group(1)).startsWith("default-src 'none';").doesNotContain("unsafe", "http", "*");
        Matcher script =
                Pattern.compile("<script>(.*?)</script>", Pattern.DOTALL).matcher(page);
        int scripts = 0;
        while (script.find()) {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(script.group(1).getBytes(UTF_8));
            assertThat(policy.group(1))
                    .contains("'sha256-" + Base64.getEncoder().encodeToString(hash) + "'");
            scripts++;
        }
        assertThat(scripts).isEqualTo(Recording.SCRIPTS.size());
    }

    @Test
    void eachReasonNotToReadHasItsWordsInBothLanguages() {
        String words = Recording.words("");
        String texts = Recording.resource("texts.js");
        for (PauseReason reason : PauseReason.values()) {
            assertThat(words).contains('"' + reason.name() + "\":\"" + reason);
            assertThat(texts).contains(reason.name() + ": '");
        }
    }

    @Test
    void whatIsToBeTypedNamesTheJarThatWasStarted() {
        assertThat(Recording.jar("target/reactor-server.jar")).isEqualTo("target/reactor-server.jar");
        assertThat(Recording.jar("a.jar:b.jar")).isEqualTo("reactor-server.jar");
        assertThat(Recording.jar("target/classes")).isEqualTo("reactor-server.jar");
    }

    @Test
    void nothingIsFetchedFromElsewhere() {
        String page = Recording.live();
        assertThat(Pattern.compile("(?:src|href)=\"([^\"]*)\"").matcher(page).results())
                .isNotEmpty()
                .allMatch(match -> match.group(1).startsWith("/page/"));
        assertThat(page).doesNotContain("<style", "<script>", "style=").doesNotContainPattern("\\son[a-z]+=");
        Recording.SCRIPTS.forEach(name -> assertThat(Recording.resource(name))
                .as(name)
                .doesNotContain("innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval(", "https:"));
    }
}
