import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

class Server {
    public static void main(String[] args) throws Exception {
        Selector selector = Selector.open();
        ServerSocketChannel listener = ServerSocketChannel.open();
        listener.bind(new InetSocketAddress("127.0.0.1", Integer.parseInt(args[0])));
        listener.configureBlocking(false);
        listener.register(selector, SelectionKey.OP_ACCEPT);
        System.out.println(listener.socket().getLocalPort());
        ExecutorService worker = Executors.newSingleThreadExecutor();
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
                ByteBuffer message = ByteBuffer.allocate(1024);
                if (client.read(message) < 0) {
                    key.cancel(); // there is nothing more to read
                    worker.execute(() -> close(client)); // behind the replies, of which the client waits for the last
                } else {
                    worker.execute(() -> reply(client, message.flip()));
                }
            }
            selector.selectedKeys().clear();
        }
    }

    private static void close(SocketChannel client) {
        try {
            client.close();
        } catch (java.io.IOException e) {
            System.err.println("not closed: " + e);
        }
    }

    /** Takes its time, and then sends the message back. */
    private static void reply(SocketChannel client, ByteBuffer message) {
        try {
            Thread.sleep(300);
            client.write(message);
        } catch (InterruptedException | java.io.IOException e) {
            System.err.println("no reply: " + e);
        }
    }
}
