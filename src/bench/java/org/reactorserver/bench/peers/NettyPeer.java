package org.reactorserver.bench.peers;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.handler.codec.string.LineEncoder;
import io.netty.handler.codec.string.LineSeparator;
import io.netty.handler.codec.string.StringDecoder;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.concurrent.DefaultEventExecutorGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLException;

/**
 * Netty 4.2 on its NIO transport with one I/O loop that also accepts, as our server has one
 * selector thread.
 *
 * <ul>
 *   <li>{@code loop}: the handler runs on the loop, Netty's advice for handlers that do not block.
 *   <li>{@code executor2}: the handler is added with a {@link DefaultEventExecutorGroup} of two
 *       threads, which is how Netty users have long spelt our shape: one selector thread, two
 *       workers.
 *   <li>{@code executor2-slow}: the same; a line that starts with {@code slow} takes 50 ms.
 *   <li>{@code offload2}: our shape by hand, as Netty's maintainers now advise: what one read
 *       brought goes to one of two executor threads as one task, and its replies come back to the
 *       loop as one task.
 *   <li>{@code group}: every line goes to all who are connected, by a {@link ChannelGroup}: one buffer that they share,
 *       from the loop, so that no member costs a task. {@code group2}: the same in our shape, from one of two threads.
 * </ul>
 *
 * With a certificate and a key it speaks TLS 1.3, by the JDK's engine. In all of them the replies to one read leave in one flush.
 */
public final class NettyPeer {

    private NettyPeer() {}

    public static void main(String[] args) throws Exception {
        Peer peer = Peer.parse(args);
        boolean onTheLoop = peer.variant.equals("loop") || peer.variant.equals("group");
        ChannelGroup everyone = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
        EventExecutorGroup workers = onTheLoop ? null : new DefaultEventExecutorGroup(2);
        SslContext tls = peer.certificate == null ? null : tls(peer);
        StringDecoder decoder = new StringDecoder(StandardCharsets.UTF_8);
        LineEncoder encoder = new LineEncoder(LineSeparator.UNIX, StandardCharsets.UTF_8);
        new ServerBootstrap()
                .group(new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory()))
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, Peer.BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        if (tls != null) {
                            channel.pipeline().addLast(tls.newHandler(channel.alloc()));
                        }
                        channel.pipeline()
                                .addLast(new LineBasedFrameDecoder(peer.maxFrame))
                                .addLast(decoder)
                                .addLast(encoder);
                        addHandler(channel, peer, workers, everyone);
                    }
                })
                .bind(peer.address)
                .sync();
        peer.listening();
    }

    private static SslContext tls(Peer peer) throws SSLException {
        return SslContextBuilder.forServer(peer.certificate, peer.key)
                .sslProvider(SslProvider.JDK)
                .protocols("TLSv1.3")
                .build();
    }

    // addLast(EventExecutorGroup, …) is deprecated in 4.2 in favour of what offload2 does; it is
    // what
    // users know, and still the shortest way to our shape.
    @SuppressWarnings("deprecation")
    private static void addHandler(
            SocketChannel channel, Peer peer, EventExecutorGroup workers, ChannelGroup everyone) {
        switch (peer.variant) {
            case "loop" -> channel.pipeline().addLast(new Echo());
            case "executor2" -> channel.pipeline().addLast(workers, new Echo());
            case "executor2-slow" -> channel.pipeline().addLast(workers, new SlowEcho());
            case "offload2" -> channel.pipeline().addLast(new OffloadedEcho(workers.next()));
            case "group" -> channel.pipeline().addLast(new ToAll(everyone));
            case "group2" -> channel.pipeline().addLast(workers, new ToAll(everyone));
            default -> throw peer.unknownVariant("loop, executor2, executor2-slow, offload2, group, group2");
        }
    }

    /** The handler, wherever it runs. */
    private static class Echo extends SimpleChannelInboundHandler<String> {

        @Override
        protected void channelRead0(ChannelHandlerContext context, String line) throws Exception {
            context.write(line);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }

    private static final class ToAll extends Echo {

        private final ChannelGroup everyone;

        ToAll(ChannelGroup everyone) {
            this.everyone = everyone;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            everyone.add(context.channel());
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, String line) {
            everyone.writeAndFlush(ByteBufUtil.writeUtf8(context.alloc(), line + "\n"));
        }
    }

    private static final class SlowEcho extends Echo {

        @Override
        protected void channelRead0(ChannelHandlerContext context, String line) throws Exception {
            if (line.startsWith("slow")) {
                Thread.sleep(50);
            }
            super.channelRead0(context, line);
        }
    }

    /**
     * One task to the worker for each read, one back; a channel keeps its worker, hence its order.
     */
    private static final class OffloadedEcho extends Echo {

        private final EventExecutor worker;
        private List<String> lines = new ArrayList<>();

        OffloadedEcho(EventExecutor worker) {
            this.worker = worker;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, String line) {
            lines.add(line);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            if (lines.isEmpty()) {
                return;
            }
            List<String> batch = lines;
            lines = new ArrayList<>();
            worker.execute(() -> {
                List<String> replies = new ArrayList<>(batch.size());
                for (String line : batch) {
                    replies.add(line); // the handler's work
                }
                context.executor().execute(() -> send(context, replies));
            });
        }

        private static void send(ChannelHandlerContext context, List<String> replies) {
            for (String reply : replies) {
                context.write(reply);
            }
            context.flush();
        }
    }
}
