"""The tutorial's server: a daemon thread per client, one fixed reply to whatever each recv() returns.

    python3 thread_per_client.py PORT       (port 0: any; lives until its standard input ends)

It prints what the tutorial's prints: who connects, each message, who leaves. Into a pipe Python
writes that in blocks, which is cheaper than the terminal on which its users see it.
"""

import os
import socket
import sys
import threading

REPLY = "收到客户端信息".encode("utf-8")


def serve(client, address):
    print("connecting", address)
    with client:
        while True:
            try:
                data = client.recv(1024)
            except ConnectionError:
                break
            if not data:
                break
            print(address, data.decode("utf-8", "replace"))
            client.sendall(REPLY)
    print("offline", address)


def end_with_standard_input():
    sys.stdin.read()
    os._exit(0)


def main():
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", int(sys.argv[1])))
    listener.listen(128)
    print("listening on 127.0.0.1:%d" % listener.getsockname()[1], flush=True)
    threading.Thread(target=end_with_standard_input, daemon=True).start()
    while True:
        client, address = listener.accept()
        threading.Thread(target=serve, args=(client, address), daemon=True).start()


if __name__ == "__main__":
    main()
