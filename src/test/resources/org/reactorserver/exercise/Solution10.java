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
        while (true) {
            selector.select();
            for (SelectionKey key : selector.selectedKeys()) {
                if (key.isAcceptable()) {
                    SocketChannel client = listener.accept();
                    if (client != null) {
                        client.configureBlocking(false);
                        client.register(selector, SelectionKey.OP_READ, ByteBuffer.allocate(1024));
                    }
                    continue;
                }
                SocketChannel client = (SocketChannel) key.channel();
                ByteBuffer line = (ByteBuffer) key.attachment(); // what has come of this client's line so far
                if (client.read(line) < 0) {
                    client.close();
                } else if (line.position() > 0 && line.get(line.position() - 1) == '\n') {
                    client.write(line.flip()); // the whole line back
                    line.clear();
                } else if (!line.hasRemaining()) {
                    client.close(); // too long a line
                    line.clear();
                }
            }
            selector.selectedKeys().clear();
        }
    }
}
