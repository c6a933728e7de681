package examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.reactorserver.testkit.SimulatedClient;
import org.reactorserver.testkit.SimulatedServer;

class DeviceServerTest {

    private static byte[] report(int device, long value) {
        return DeviceServer.sealed(ByteBuffer.allocate(12)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(device)
                .putLong(value)
                .array());
    }

    @Test
    void theCrcIsTheOneThatDevicesUse() {
        assertThat(DeviceServer.crc("123456789".getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo(0x29B1); // as every table of CRCs has it
    }

    @Test
    void reportsAreAcknowledgedAndDamagedOnesSentAgain() {
        SimulatedServer.seeds(100).check(simulation -> {
            DeviceServer devices = new DeviceServer();
            simulation.start(devices.builder());
            byte[] damaged = report(7, 41);
            damaged[5] ^= 1;
            SimulatedClient device =
                    simulation.client().send(damaged).send(report(7, 42)).send(new byte[] {1});
            simulation.client().send(report(8, -1)).misbehave();
            simulation.settle();
            byte[] acknowledged = DeviceServer.sealed(new byte[] {7, 0, 0, 0});
            assertThat(device.receivedBytes()).containsExactly(new byte[0], acknowledged, new byte[0]);
            assertThat(devices.values()).contains(entry(7, 42L));
        });
    }

    @Test
    void onTheWireItIsLittleEndian() {
        SimulatedServer.run(1, simulation -> {
            simulation.start(new DeviceServer().builder());
            SimulatedClient device = simulation.client();
            device.sendRaw(new byte[] {14, 0}).sendRaw(report(7, 42));
            simulation.settle();
            assertThat(device.receivedBytes()).hasSize(1);
        });
    }
}
