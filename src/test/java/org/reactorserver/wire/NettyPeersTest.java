package org.reactorserver.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactorserver.helper.TestKeys;

/** Netty's TLS client, over sockets. */
@Timeout(120)
class NettyPeersTest {
    private static final int PATIENCE_SECONDS = 60;
    private static final String HOST = "localhost";

    private static TlsEcho echo;
    private static TlsEcho demanding;
    private static EventLoopGroup group;

    @BeforeAll
    static void start() throws IOException {
        Tls keys = Tls.pem(TestKeys.certificate("server"), TestKeys.key("server"));
        echo = new TlsEcho(keys);
        demanding = new TlsEcho(keys.clientCa(TestKeys.certificate("ca")));
        group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    }

    @AfterAll
    static void stop() throws Exception {
        echo.close();
        demanding.close();
        group.shutdownGracefully(0, PATIENCE_SECONDS, TimeUnit.SECONDS).sync();
    }

    private static SslContextBuilder client(String protocol) {
        return SslContextBuilder.forClient()
                .sslProvider(SslProvider.JDK)
                .protocols(protocol)
                .trustManager(TestKeys.certificate("ca").toFile());
    }

    /** One connection: what it has heard when so much of it has come, or all when the server's stream has ended. */
    private static final class Talk extends SimpleChannelInboundHandler<ByteBuf> {
        private final int wanted;
        private final ByteArrayOutputStream heard = new ByteArrayOutputStream();
        private final CompletableFuture<byte[]> all = new CompletableFuture<>();
        private Channel channel;
        private SslHandler tls;

        Talk(int wanted) {
            this.wanted = wanted;
        }

        static Talk begin(TlsEcho server, SslContext context, int wanted) throws Exception {
            Talk talk = new Talk(wanted);
            talk.channel = new Bootstrap()
                    .group(group)
                    .channel(NioSocketChannel.class)
                    .handler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel made) {
                            talk.tls = context.newHandler(made.alloc(), HOST, server.port());
                            made.pipeline().addLast(talk.tls, talk);
                        }
                    })
                    .connect(InetAddress.getLoopbackAddress(), server.port())
                    .sync()
                    .channel();
            return talk;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf bytes) throws IOException {
            bytes.readBytes(heard, bytes.readableBytes());
            if (heard.size() >= wanted) {
                all.complete(heard.toByteArray());
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            all.complete(heard.toByteArray());
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            all.completeExceptionally(cause);
        }

        byte[] await() throws Exception {
            return all.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        new Random(1).nextBytes(bytes);
        return bytes;
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.3, ORDERLY", "TLSv1.2, BOTH_WAYS"})
    void itIsAnswered(String protocol, String end) throws Exception {
        byte[] sent = bytes(200_000);
        Talk talk = Talk.begin(echo, client(protocol).build(), sent.length);
        talk.channel.writeAndFlush(Unpooled.wrappedBuffer(sent));
        assertThat(talk.await()).isEqualTo(sent);
        assertThat(echo.awaitSession().protocol()).isEqualTo(protocol);
        talk.channel.close().sync();
        assertThat(echo.awaitEnd()).isEqualTo(end);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void itsCertificateIsTold(String protocol) throws Exception {
        SslContext context = client(protocol)
                .keyManager(
                        TestKeys.certificate("client").toFile(),
                        TestKeys.key("client").toFile())
                .build();
        Talk talk = Talk.begin(demanding, context, 1);
        talk.channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {'x'}));
        assertThat(talk.await()).containsExactly('x');
        assertThat(demanding
                        .awaitSession()
                        .peerCertificate()
                        .getSubjectX500Principal()
                        .getName())
                .isEqualTo("CN=test client");
        talk.channel.close().sync();
        demanding.awaitEnd();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void withoutACertificateItIsRefused(String protocol) throws Exception {
        Talk talk = Talk.begin(demanding, client(protocol).build(), 1);
        assertThat(talk.all.handle((heard, failure) -> failure).get(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .hasRootCauseInstanceOf(SSLException.class);
        assertThat(demanding.awaitEnd()).startsWith("HANDSHAKE TLS handshake failed: ");
    }

    /**
     * It says that its stream ends, and has its replies all the same. Its write has to be over by then: what Netty has not
     * encrypted when it is told to end its output is never sent, and its write fails, since the engine's output is closed
     * at once; a server that waits for the rest waits in vain.
     */
    @ParameterizedTest
    @ValueSource(ints = {1_000, 200_000})
    void aHalfCloseIsAnsweredInFull(int count) throws Exception {
        byte[] sent = bytes(count);
        Talk talk = Talk.begin(echo, client("TLSv1.3").build(), Integer.MAX_VALUE);
        talk.tls.handshakeFuture().sync(); // until then it has no end to tell
        talk.channel.writeAndFlush(Unpooled.wrappedBuffer(sent)).sync();
        talk.tls.closeOutbound().sync();
        assertThat(talk.await()).isEqualTo(sent);
        assertThat(echo.awaitSession().protocol()).isEqualTo("TLSv1.3");
        assertThat(echo.awaitEnd()).isEqualTo("ORDERLY");
    }
}
