import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
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
        ExecutorService workers = Executors.newFixedThreadPool(2);
        Queue<Runnable> done = new ConcurrentLinkedQueue<>(); // what the workers want the selector thread to do
        while (true) {
            selector.select();
            for (Runnable task = done.poll(); task != null; task = done.poll()) {
                task.run();
            }
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
                    client.close();
                } else {
                    workers.execute(() -> {
                        work();
                        done.add(() -> write(client, message.flip()));
                        selector.wakeup(); // after the add: the thread that is woken finds it
                    });
                }
            }
            selector.selectedKeys().clear();
        }
    }

    private static void work() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void write(SocketChannel client, ByteBuffer reply) {
        try {
            client.write(reply);
        } catch (java.io.IOException e) {
            System.err.println("the client is gone: " + e);
        }
    }
}
