package org.reactorserver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.reactorserver.helper.Console;

/** Wrong usage, as a reader of Chinese is told of it. */
@Timeout(60)
class PhraseBookTest {
    @RegisterExtension
    private final Console console = new Console();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        serve --lang zh --prot 1             | 未知选项“--prot”
        serve --lang zh --port abc           | 选项 --port 的值无效：“abc”不是整数
        serve --lang zh --port 99999         | 选项 --port 的值无效：应在 0 到 65535 之间，而不是 99999（参见 --help）
        serve --lang zh --workers -1         | 选项 --workers 的值无效：应在 0 到 10000 之间，或为 virtual，而不是 -1（参见 --help）
        serve --lang zh --port               | 选项 --port 缺少参数（N）（参见 --help）
        serve --lang zh --port 1 --port 2    | 选项 --port 只能给出一次（参见 --help）
        serve --lang zh --framing json       | 选项 --framing 的值无效：“json”不是成帧方式：应为 chunk、line、line:crlf、length
        serve --lang zh --echo --no-reply    | --reply、--echo、--handler 和 --no-reply 互相排斥：只能给出其中一个（参见 --help）
        serve --lang zh --work 5x            | 选项 --work 的值无效：“5x”不是时间，例如 500ms、10s、2m（参见 --help）
        serve --lang zh --handler no.Such    | 选项 --handler 的值无效：“no.Such”：类路径上没有这个类（参见 --help）
        serve --lang zh --keep-alive=maybe   | 选项 --keep-alive 的值无效：“maybe”既不是 true 也不是 false（参见 --help）
        serve --lang zh --transcript some    | 选项 --transcript 的值无效：“some”：应为 auto、all 或 off（参见 --help）
        client --lang zh --count 0           | 选项 --count 的值无效：至少应为 1，而不是 0（参见 --help）
        client --lang zh --timeout 0         | 选项 --timeout 的值无效：必须大于 0（参见 --help）
        client --lang zh --gap 1s            | --gap 需要 --one-at-a-time：同时运行的客户端之间没有停顿（参见 --help）
        client --lang zh --together --one-at-a-time | --one-at-a-time 和 --together 互相排斥（参见 --help）
        demo select --lang zh                | 没有名为“select”的演示：应为其中之一：accept、threads-vs-reactor、slow-handler
        demo aceptt --lang=zh                | 是否想输入 accept？（参见 --help）
        exercise 11 --lang zh                | 没有练习 11：应为 1 到 10（参见 --help）
        exercise 1 --check no/A.java --lang zh | 选项 --check 的值无效：“no/A.java”：没有这个文件，或者无权读取（参见 --help）
        start --lang zh                      | 未知命令“start”
        """)
    void wrongUsage(String arguments, String expected) {
        assertThat(Main.run(arguments.trim().split(" +"))).isEqualTo(2);
        assertThat(console.err().strip())
                .startsWith("reactor-server: ")
                .contains(expected)
                .doesNotContain("see ");
    }

    @Test
    void whatIsNotKnownStaysEnglish() {
        assertThat(PhraseBook.translate("something else", Locale.CHINESE)).isEqualTo("something else");
        assertThat(PhraseBook.translate("Unknown option: '--x'", Locale.ENGLISH))
                .isEqualTo("Unknown option: '--x'");
    }
}
