package org.reactorserver.nats;

import java.util.Arrays;

/** How NKeys are written: RFC 4648, section 6, without padding, and a CRC-16 (XMODEM), low byte first, at the end. */
final class Base32 {
    private static final String DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final int POLYNOMIAL = 0x1021;

    private Base32() {}

    static byte[] decode(String text) {
        byte[] bytes = new byte[text.length() * 5 / 8];
        int bits = 0;
        int count = 0;
        int at = 0;
        for (char digit : text.toCharArray()) {
            bits = bits << 5 | DIGITS.indexOf(digit);
            count += 5;
            if (count >= 8) {
                count -= 8;
                bytes[at++] = (byte) (bits >> count);
            }
        }
        return bytes;
    }

    static String encode(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        int bits = 0;
        int count = 0;
        for (byte each : bytes) {
            bits = bits << 8 | each & 0xff;
            count += 8;
            while (count >= 5) {
                count -= 5;
                text.append(DIGITS.charAt(bits >> count & 31));
            }
        }
        if (count > 0) {
            text.append(DIGITS.charAt(bits << 5 - count & 31));
        }
        return text.toString();
    }

    static byte[] withChecksum(byte[] bytes) {
        int crc = crc(bytes, bytes.length);
        byte[] all = Arrays.copyOf(bytes, bytes.length + 2);
        all[bytes.length] = (byte) crc;
        all[bytes.length + 1] = (byte) (crc >> 8);
        return all;
    }

    static boolean hasChecksum(byte[] bytes) {
        return bytes.length > 2 && Arrays.equals(bytes, withChecksum(Arrays.copyOf(bytes, bytes.length - 2)));
    }

    private static int crc(byte[] bytes, int length) {
        int crc = 0;
        for (int i = 0; i < length; i++) {
            crc ^= (bytes[i] & 0xff) << 8;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 0x8000) == 0 ? crc << 1 : crc << 1 ^ POLYNOMIAL;
            }
        }
        return crc & 0xffff;
    }
}
