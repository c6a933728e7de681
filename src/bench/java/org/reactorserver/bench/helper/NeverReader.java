package org.reactorserver.bench.helper;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * {@code NeverReader PORT N}: opens N connections to this machine, prints {@code writing}, and from
 * then on sends lines on all of them as fast as they are taken, and reads no reply. Prints {@code
 * stuck}, with the time and the bytes, as soon as nothing could be sent for a second. It lives until
 * its standard input ends; connections that the server ends are not opened again.
 */
public final class NeverReader {

    private static final int LINE = 64;
    private static final int LINES_PER_WRITE = 1024;
    private static final long QUIET_MILLIS = 1_000;

    private NeverReader() {}

    public static void main(String[] args) throws IOException {
        var server = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
        int count = Integer.parseInt(args[1]);
        Selector selector = Selector.open();
        byte[] lines = ("n".repeat(LINE - 1) + "\n").repeat(LINES_PER_WRITE).getBytes(StandardCharsets.US_ASCII);
        ByteBuffer text = ByteBuffer.allocateDirect(lines.length).put(lines).flip();
        for (int i = 0; i < count; i++) {
            SocketChannel channel = SocketChannel.open(server);
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_WRITE, text.duplicate());
        }
        Thread watcher = new Thread(NeverReader::haltAtEndOfInput, "stdin-watcher");
        watcher.setDaemon(true);
        watcher.start();
        System.out.println("writing");
        write(selector);
    }

    private static void write(Selector selector) throws IOException {
        long start = System.nanoTime();
        long written = 0;
        boolean stuck = false;
        while (true) {
            if (selector.select(QUIET_MILLIS) == 0 && !stuck) {
                stuck = true;
                System.out.printf("stuck after %d ms, %d bytes%n", (System.nanoTime() - start) / 1_000_000, written);
            }
            for (SelectionKey key : selector.selectedKeys()) {
                written += write(key);
            }
            selector.selectedKeys().clear();
        }
    }

    private static int write(SelectionKey key) throws IOException {
        ByteBuffer text = (ByteBuffer) key.attachment();
        try {
            int n = ((SocketChannel) key.channel()).write(text);
            if (!text.hasRemaining()) {
                text.rewind();
            }
            return n;
        } catch (IOException e) { // the server has had enough of it
            key.channel().close();
            return 0;
        }
    }

    private static void haltAtEndOfInput() {
        try {
            while (System.in.read() >= 0) {
                // Nothing is ever sent; only the end matters.
            }
        } catch (IOException e) {
            // As good as the end.
        }
        Runtime.getRuntime().halt(0);
    }
}
