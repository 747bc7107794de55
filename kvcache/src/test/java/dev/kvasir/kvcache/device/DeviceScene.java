package dev.kvasir.kvcache.device;

import dev.kvasir.kernels.page.Scene;
import java.util.stream.Stream;

/** A scene on a device of the cache. */
final class DeviceScene {
    private DeviceScene() {}

    /** Fills all memory with NaN first, so that a number that is read and was not written shows. */
    static <D extends KvDevice> D fill(Scene scene, D device) {
        for (int frame = 0; frame < scene.frames; frame++) {
            device.frame(frame).fill((byte) 0xff);
        }
        scene.append(device::append);
        return device;
    }

    static FrameList[] lists(Scene scene) {
        return Stream.of(scene.lists).map(each -> list(scene, each)).toArray(FrameList[]::new);
    }

    private static FrameList list(Scene scene, Scene.Listed listed) {
        int pageSize = scene.geometry.pageSize();
        var list = new FrameList();
        for (int i = 0; i < listed.frames().length; i++) {
            list.add(listed.frames()[i], Math.min(pageSize, listed.tokens() - i * pageSize));
        }
        return list;
    }
}
