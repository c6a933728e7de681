import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
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
        ByteBuffer buffer = ByteBuffer.allocate(1024);
        ExecutorService workers = Executors.newFixedThreadPool(4);
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
                if (client.read(buffer.clear()) < 0) {
                    client.close();
                } else {
                    String question = StandardCharsets.UTF_8.decode(buffer.flip()).toString().strip();
                    client.write(StandardCharsets.UTF_8.encode("asked\n"));
                    workers.submit(
                            () -> client.write(StandardCharsets.UTF_8.encode(answer(question) + "\n")));
                }
            }
            selector.selectedKeys().clear();
        }
    }

    /** Asks a database, which takes its time for some questions. */
    private static String answer(String question) throws InterruptedException {
        if (question.equals("slow")) {
            Thread.sleep(2_000);
        }
        return question + " answered";
    }
}
