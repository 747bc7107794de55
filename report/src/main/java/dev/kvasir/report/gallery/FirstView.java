package dev.kvasir.report.gallery;

import dev.kvasir.kernels.digest.DigestKind;
import dev.kvasir.report.gallery.Camera.Spot;
import dev.kvasir.report.gallery.Solid.SolidPage;
import dev.kvasir.report.gallery.Solid.SolidVolume;
import dev.kvasir.report.plot.Palette;
import dev.kvasir.report.plot.Tint;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.joml.Vector3f;

/** Paints the first view of a scene. {@code gallery.js} draws the same after the reader has turned it. */
final class FirstView {
    private static final int[][] EDGES = {{0, 1}, {2, 3}, {4, 5}, {6, 7}, {0, 2}, {1, 3}, {4, 6}, {5, 7}, {0, 4},
        {1, 5}, {2, 6}, {3, 7}};
    private static final BasicStroke THIN = new BasicStroke(1.1f);
    private static final BasicStroke ARROW = new BasicStroke(2.4f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
    private static final BasicStroke DOTTED = new BasicStroke(1.4f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10,
            new float[]{3, 3}, 0);

    private final Solid solid;
    private final Camera camera;
    private final DigestKind kind;
    private final int[] trueRanks;

    FirstView(Solid solid, Camera camera, DigestKind kind, int[] trueRanks) {
        this.solid = solid;
        this.camera = camera;
        this.kind = kind;
        this.trueRanks = trueRanks;
    }

    void paint(Graphics2D g) {
        g.setColor(Tint.PAPER.color());
        g.fill(new Rectangle2D.Double(0, 0, camera.size(), camera.size()));
        arrow(g);
        List<Integer> fromFarToNear = IntStream.range(0, solid.pages().size())
                .boxed()
                .sorted(Comparator.comparingDouble(
                        (Integer page) -> -camera.see(volume(solid.pages().get(page)).center()).depth()))
                .toList();
        for (int page : fromFarToNear) {
            page(g, solid.pages().get(page), Palette.tint(trueRanks[page] - 1));
        }
    }

    private SolidVolume volume(SolidPage page) {
        return page.volumes().get(kind.ordinal());
    }

    private void page(Graphics2D g, SolidPage page, Tint tint) {
        SolidVolume volume = volume(page);
        Color soft = new Color(tint.color().getRed(), tint.color().getGreen(), tint.color().getBlue(), 26);
        if (Volume.isBox(kind)) {
            box(g, volume, tint.color());
        } else if (volume.radii().x > 0) {
            ball(g, volume, tint.color(), soft);
        }
        g.setColor(tint.color());
        for (Vector3f key : page.keys()) {
            dot(g, camera.see(key), 2.6);
        }
        Spot best = camera.see(page.keys().get(page.best()));
        Spot farthest = camera.see(volume.farthest());
        g.setStroke(DOTTED);
        g.draw(new Line2D.Double(best.x(), best.y(), farthest.x(), farthest.y()));
        g.setStroke(THIN);
        g.draw(new Ellipse2D.Double(best.x() - 5.5, best.y() - 5.5, 11, 11));
        diamond(g, farthest);
    }

    private void box(Graphics2D g, SolidVolume volume, Color color) {
        Spot[] corners = new Spot[8];
        for (int i = 0; i < 8; i++) {
            Vector3f sign = new Vector3f((i & 1) == 0 ? -1 : 1, (i & 2) == 0 ? -1 : 1, (i & 4) == 0 ? -1 : 1);
            corners[i] = camera.see(sign.mul(volume.radii()).add(volume.center()));
        }
        g.setColor(color);
        g.setStroke(THIN);
        for (int[] edge : EDGES) {
            Spot a = corners[edge[0]];
            Spot b = corners[edge[1]];
            g.draw(new Line2D.Double(a.x(), a.y(), b.x(), b.y()));
        }
    }

    private void ball(Graphics2D g, SolidVolume volume, Color color, Color soft) {
        Spot middle = camera.see(volume.center());
        double radius = camera.seeRadius(volume.center(), volume.radii().x);
        Ellipse2D circle = new Ellipse2D.Double(middle.x() - radius, middle.y() - radius, 2 * radius, 2 * radius);
        g.setColor(soft);
        g.fill(circle);
        g.setColor(color);
        g.setStroke(THIN);
        g.draw(circle);
    }

    /** The query: from the middle of the scene to its edge. */
    private void arrow(Graphics2D g) {
        float length = camera.distance() * (float) Math.sin(Camera.VIEW / 2) * 0.8f;
        Spot from = camera.see(camera.middle());
        Spot to = camera.see(new Vector3f(solid.query()).mul(length).add(camera.middle()));
        g.setColor(Tint.INK.color());
        g.setStroke(ARROW);
        g.draw(new Line2D.Double(from.x(), from.y(), to.x(), to.y()));
        double angle = Math.atan2(to.y() - from.y(), to.x() - from.x());
        for (int side = -1; side <= 1; side += 2) {
            double wing = angle + side * Math.toRadians(154);
            g.draw(new Line2D.Double(to.x(), to.y(), to.x() + 12 * Math.cos(wing), to.y() + 12 * Math.sin(wing)));
        }
        g.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 14));
        g.drawString("q", (float) (to.x() + 14 * Math.cos(angle)) - 4, (float) (to.y() + 14 * Math.sin(angle)) + 4);
    }

    private static void dot(Graphics2D g, Spot spot, double radius) {
        g.fill(new Ellipse2D.Double(spot.x() - radius, spot.y() - radius, 2 * radius, 2 * radius));
    }

    private static void diamond(Graphics2D g, Spot spot) {
        Path2D path = new Path2D.Double();
        path.moveTo(spot.x(), spot.y() - 6);
        path.lineTo(spot.x() + 6, spot.y());
        path.lineTo(spot.x(), spot.y() + 6);
        path.lineTo(spot.x() - 6, spot.y());
        path.closePath();
        g.fill(path);
    }
}
