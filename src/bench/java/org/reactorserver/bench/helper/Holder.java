package org.reactorserver.bench.helper;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code Holder PORT N}: opens N connections to this machine, says something on each, reads the
 * reply, prints {@code held N} and keeps them open until its standard input ends. A process of its
 * own, because N connections to one server in one process would take 2 N file descriptors.
 */
public final class Holder {

    private Holder() {}

    public static void main(String[] args) throws IOException {
        var server = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
        int count = Integer.parseInt(args[1]);
        List<SocketChannel> held = new ArrayList<>(count);
        ByteBuffer hello = ByteBuffer.wrap("hello\n".getBytes(StandardCharsets.UTF_8));
        ByteBuffer reply = ByteBuffer.allocate(64);
        for (int i = 0; i < count; i++) {
            SocketChannel channel = SocketChannel.open(server);
            channel.write(hello.rewind());
            held.add(channel);
        }
        for (SocketChannel channel : held) {
            reply.clear();
            while (reply.position() == 0 || reply.get(reply.position() - 1) != '\n') {
                if (channel.read(reply) < 0) {
                    throw new IOException("the server closed a connection");
                }
            }
        }
        System.out.println("held " + held.size());
        while (System.in.read() >= 0) {
            // Nothing is ever sent; only the end matters.
        }
    }
}
