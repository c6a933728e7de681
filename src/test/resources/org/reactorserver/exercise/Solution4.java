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
                if (key.isReadable()) {
                    if (client.read(request.clear()) < 0) {
                        client.close();
                        continue;
                    }
                    key.attach(ByteBuffer.allocate(16 << 20)); // 16 MiB
                }
                ByteBuffer answer = (ByteBuffer) key.attachment();
                client.write(answer);
                if (answer.hasRemaining()) {
                    key.interestOps(SelectionKey.OP_WRITE); // tell me when there is room again
                } else {
                    client.close(); // the end of the stream is the end of the answer
                }
            }
            selector.selectedKeys().clear();
        }
    }
}
