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
        ByteBuffer request = ByteBuffer.allocate(1024);
        while (true) {
            selector.select();
            for (SelectionKey key : selector.selectedKeys()) {
                if (key.isAcceptable()) {
                    SocketChannel client = listener.accept();
                    if (client != null) {
                        client.configureBlocking(false);
                        client.register(selector, SelectionKey.OP_READ);
                    }
                    continue;
                }
                SocketChannel client = (SocketChannel) key.channel();
                if (client.read(request.clear()) < 0) {
                    client.close();
                    continue;
                }
                ByteBuffer answer = ByteBuffer.allocate(16 << 20); // 16 MiB
                client.write(answer);
                client.close(); // the end of the stream is the end of the answer
            }
            selector.selectedKeys().clear();
        }
    }
}
