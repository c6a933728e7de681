import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

class Server {
    public static void main(String[] args) throws Exception {
        Selector selector = Selector.open();
        ServerSocketChannel listener = ServerSocketChannel.open();
        listener.bind(new InetSocketAddress("127.0.0.1", Integer.parseInt(args[0])));
        listener.configureBlocking(false);
        listener.register(selector, SelectionKey.OP_ACCEPT);
        System.out.println(listener.socket().getLocalPort());
        ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
        while (true) {
            selector.select();
            for (SelectionKey key : selector.selectedKeys()) {
                if (key.isAcceptable()) {
                    SocketChannel client = listener.accept();
                    if (client != null) {
                        client.configureBlocking(false);
                        client.register(selector, SelectionKey.OP_READ, new ByteArrayOutputStream());
                    }
                    continue;
                }
                SocketChannel client = (SocketChannel) key.channel();
                ByteArrayOutputStream line = (ByteArrayOutputStream) key.attachment();
                if (client.read(buffer.clear()) < 0) {
                    client.close();
                    continue;
                }
                buffer.flip();
                while (buffer.hasRemaining()) {
                    byte next = buffer.get();
                    line.write(next);
                    if (next == '\n') {
                        client.write(ByteBuffer.wrap(line.toByteArray())); // the whole line back
                        line.reset();
                    }
                }
            }
            selector.selectedKeys().clear();
        }
    }
}
