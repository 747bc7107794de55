package dev.kvasir.report.gallery;

import org.joml.Matrix4f;
import org.joml.Vector3f;
import org.joml.Vector4f;
import org.joml.primitives.AABBf;
import org.joml.primitives.Spheref;

/**
 * A perspective camera on a sphere around a scene.
 *
 * @param middle   the point in the centre of the picture
 * @param distance distance from that point
 * @param yaw      turn around the upright axis, in radians
 * @param pitch    angle above the horizon, in radians
 * @param size     width and height of the picture, in pixels
 */
record Camera(Vector3f middle, float distance, float yaw, float pitch, int size) {
    private static final float PITCH = 0.3f;

    /** The angle of view, in radians. */
    static final float VIEW = (float) Math.toRadians(36);

    /**
     * A point on the picture.
     *
     * @param x     pixels from the left
     * @param y     pixels from the top
     * @param depth distance from the camera
     */
    record Spot(double x, double y, double depth) {}

    /** A camera that shows a whole box, with the given direction from left to right. */
    static Camera around(AABBf bounds, Vector3f rightwards, int size) {
        Vector3f middle = new Vector3f(bounds.minX + bounds.maxX, bounds.minY + bounds.maxY, bounds.minZ + bounds.maxZ)
                .mul(0.5f);
        Vector3f corner = new Vector3f(bounds.maxX, bounds.maxY, bounds.maxZ);
        Spheref ball = new Spheref(middle, Math.max(1e-3f, middle.distance(corner)));
        return new Camera(middle, ball.r / (float) Math.sin(VIEW / 2), yaw(rightwards, PITCH), PITCH, size);
    }

    /** The turn at which the direction is parallel to the picture. */
    private static float yaw(Vector3f rightwards, float pitch) {
        double level = Math.hypot(rightwards.x, rightwards.z);
        if (level < 1e-6) {
            return 0.6f;
        }
        double side = Math.acos(Math.clamp(-rightwards.y * Math.tan(pitch) / level, -1, 1));
        return (float) (Math.atan2(rightwards.x, rightwards.z) - side);
    }

    private Vector3f eye() {
        return new Vector3f((float) (Math.cos(pitch) * Math.sin(yaw)), (float) Math.sin(pitch),
                (float) (Math.cos(pitch) * Math.cos(yaw))).mul(distance).add(middle);
    }

    /** The position of a scene point on the picture. */
    Spot see(Vector3f point) {
        Matrix4f view = new Matrix4f().perspective(VIEW, 1, distance / 100, distance * 4)
                .lookAt(eye(), middle, new Vector3f(0, 1, 0));
        Vector4f clip = view.transform(new Vector4f(point, 1));
        return new Spot((clip.x / clip.w + 1) / 2 * size, (1 - clip.y / clip.w) / 2 * size, clip.w);
    }

    /** The radius of a ball on the picture, in pixels. */
    double seeRadius(Vector3f center, double radius) {
        double depth = see(center).depth();
        double aside = Math.sqrt(Math.max(1e-9, depth * depth - radius * radius));
        return radius / aside / Math.tan(VIEW / 2) * size / 2;
    }
}
