package dev.kvasir.guide;

import dev.kvasir.guide.PagesBySteps.Place;
import dev.kvasir.guide.PagesBySteps.Stay;
import dev.kvasir.guide.Sheet.Align;
import java.util.List;

/** All pages of a layer by the steps of a run, coloured by where they are: what the command {@code view} shows. */
final class PagesByStepsPicture {
    private static final double LEFT = 46;
    private static final double TOP = 122;
    private static final double WIDTH = 500; // a unit for each step
    private static final double HEIGHT = 6; // of a page
    private static final double BOTTOM = TOP + HEIGHT * PagesBySteps.PAGES;

    private PagesByStepsPicture() {}

    static Sheet draw() {
        List<Stay> stays = PagesBySteps.recorded();
        var sheet = new Sheet(BOTTOM + 32, "All pages of a layer at each step, coloured by where they are");
        sheet.text(16, 28, "All pages of a layer, step by step", Type.HEADING, Ink.INK);
        sheet.text(16, 53, "A row is a page of 8 tokens; 16 of the 63 pages stay on the device", Type.PLAIN, Ink.MUTED);
        double x = entry(sheet, 16, 70, "on the device", Place.DEVICE);
        x = entry(sheet, x, 70, "selected in this step", Place.SELECTED);
        entry(sheet, x, 70, "recalled", Place.RECALLED);
        x = entry(sheet, 16, 94, "on the host alone", Place.HOST);
        entry(sheet, x, 94, "being filled", Place.FILLING);
        for (Place place : Place.values()) {
            cells(sheet, place, stays.stream().filter(stay -> stay.place() == place).toList());
        }
        axes(sheet);
        return sheet;
    }

    private static double entry(Sheet sheet, double x, double y, String text, Place place) {
        sheet.cells(ink(place), opacity(place), x, y + 2, 14, 14);
        sheet.text(x + 21, y + 14, text, Type.SMALL, Ink.INK);
        return x + 21 + Type.SMALL.width(text) + 18;
    }

    private static void cells(Sheet sheet, Place place, List<Stay> stays) {
        double[] rectangles = new double[4 * stays.size()];
        int at = 0;
        for (Stay stay : stays) {
            rectangles[at++] = LEFT + stay.from();
            rectangles[at++] = TOP + HEIGHT * stay.page();
            // a recall is one step, too narrow to be seen
            rectangles[at++] = place == Place.RECALLED ? 3 : stay.to() + 1 - stay.from();
            rectangles[at++] = HEIGHT;
        }
        sheet.cells(ink(place), opacity(place), rectangles);
    }

    private static Ink ink(Place place) {
        return switch (place) {
            case NOWHERE, FILLING -> Ink.GREY;
            case DEVICE, SELECTED -> Ink.BLUE;
            case RECALLED -> Ink.GREEN;
            case HOST -> Ink.ORANGE;
        };
    }

    private static double opacity(Place place) {
        return switch (place) {
            case DEVICE -> 0.32;
            case HOST -> 0.17;
            default -> 1;
        };
    }

    private static void axes(Sheet sheet) {
        for (int page = 0; page < PagesBySteps.PAGES; page += 10) {
            sheet.text(LEFT - 6, TOP + HEIGHT * page + 8, "" + page, Type.SMALL, Ink.MUTED, Align.END);
        }
        for (int step = 0; step < PagesBySteps.STEPS; step += 100) {
            sheet.line(Ink.MUTED, 1, LEFT + step, BOTTOM, LEFT + step, BOTTOM + 5);
            sheet.text(LEFT + step, BOTTOM + 22, "" + step, Type.SMALL, Ink.MUTED, Align.MIDDLE);
        }
        sheet.text(LEFT + WIDTH - 2, BOTTOM + 22, "step", Type.SMALL, Ink.MUTED, Align.END);
        sheet.text(LEFT - 6, TOP + HEIGHT * 5 + 8, "page", Type.SMALL, Ink.MUTED, Align.END);
        double first = LEFT + PageLife.FIRST;
        double y = TOP + HEIGHT * PageLife.PAGE;
        sheet.outline(first - 1, y - 1, LEFT + WIDTH - first + 2, HEIGHT + 2, Ink.INK);
        sheet.text(first - 10, y + 9, "page %d".formatted(PageLife.PAGE), Type.SMALL, Ink.INK, Align.END);
    }
}
