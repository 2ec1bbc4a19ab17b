//! A square of light: colours add up as light does, and become sRGB at the end.

use std::ops::Range;

use image::{Rgb, RgbImage};

/// Linear light: red, green, blue.
pub(super) type Light = [f32; 3];

/// The light of an sRGB colour such as `0xFFB454`.
pub(super) fn light(srgb: u32) -> Light {
    [16, 8, 0].map(|shift| {
        let channel = ((srgb >> shift) & 0xFF) as f32 / 255.0;
        if channel <= 0.040_45 {
            channel / 12.92
        } else {
            ((channel + 0.055) / 1.055).powf(2.4)
        }
    })
}

/// One light turned into another as far as `share` says, from 0 to 1.
pub(super) fn mix(from: Light, to: Light, share: f32) -> Light {
    std::array::from_fn(|channel| from[channel] + (to[channel] - from[channel]) * share)
}

/// A place on the canvas, in pixels from its upper left corner.
#[derive(Clone, Copy)]
pub(super) struct Point {
    pub(super) x: f32,
    pub(super) y: f32,
}

/// A square picture that is being painted.
pub(super) struct Canvas {
    side: usize,
    pixels: Vec<Light>,
}

impl Canvas {
    /// Night: a little lighter in the middle than in the corners.
    pub(super) fn night(side: usize) -> Self {
        let (middle, corner) = (light(0x11_16_2A), light(0x05_06_0D));
        let half = side as f32 / 2.0;
        let pixels = (0..side * side)
            .map(|pixel| {
                let x = (pixel % side) as f32 + 0.5 - half;
                let y = (pixel / side) as f32 + 0.5 - half;
                mix(middle, corner, x.hypot(y) / half.hypot(half))
            })
            .collect();
        Self { side, pixels }
    }

    /// Adds so much of a light to one pixel.
    pub(super) fn add(&mut self, x: usize, y: usize, light: Light, amount: f32) {
        let pixel = &mut self.pixels[y * self.side + x];
        for (sum, part) in pixel.iter_mut().zip(light) {
            *sum += part * amount;
        }
    }

    /// A disc, and around it a faint halo that ends at `halo` times its radius.
    pub(super) fn dot(&mut self, middle: Point, radius: f32, halo: f32, light: Light) {
        let reach = radius * halo + 1.0;
        self.paint(middle, middle, reach, light, |distance| {
            let disc = (radius + 0.5 - distance).clamp(0.0, 1.0);
            let fade = (1.0 - distance / reach).max(0.0);
            disc + 0.12 * fade * fade
        });
    }

    /// A circle, one and a half pixels thick.
    pub(super) fn ring(&mut self, middle: Point, radius: f32, light: Light) {
        self.paint(middle, middle, radius + 2.0, light, |distance| {
            (1.25 - (distance - radius).abs()).clamp(0.0, 1.0)
        });
    }

    /// So much of a light along a horizontal or vertical line.
    pub(super) fn stroke(&mut self, from: Point, to: Point, light: Light, amount: f32) {
        self.paint(from, to, 2.0, light, |distance| {
            amount * (1.25 - distance).clamp(0.0, 1.0)
        });
    }

    /// Adds light around a horizontal or vertical line, as much as `amount` gives for the distance from it.
    fn paint(
        &mut self,
        from: Point,
        to: Point,
        reach: f32,
        light: Light,
        amount: impl Fn(f32) -> f32,
    ) {
        let (left, right) = (from.x.min(to.x), from.x.max(to.x));
        let (top, bottom) = (from.y.min(to.y), from.y.max(to.y));
        for row in self.span(top - reach, bottom + reach) {
            for column in self.span(left - reach, right + reach) {
                let (x, y) = (column as f32 + 0.5, row as f32 + 0.5);
                let distance = (x - x.clamp(left, right)).hypot(y - y.clamp(top, bottom));
                self.add(column, row, light, amount(distance));
            }
        }
    }

    /// The pixels of a row or column between two places, as far as they are on the canvas.
    fn span(&self, from: f32, upto: f32) -> Range<usize> {
        from.floor().max(0.0) as usize..(upto.ceil().max(0.0) as usize).min(self.side)
    }

    /// The finished picture; bright light saturates softly.
    pub(super) fn develop(self) -> RgbImage {
        let side = self.side as u32;
        RgbImage::from_fn(side, side, |x, y| {
            let pixel = self.pixels[y as usize * self.side + x as usize];
            Rgb(pixel.map(|channel| srgb(saturate(channel))))
        })
    }
}

/// Keeps dim light as it is and any amount of it below 1.
fn saturate(light: f32) -> f32 {
    const KNEE: f32 = 0.7;
    const ROOM: f32 = 1.0 - KNEE;
    if light <= KNEE {
        light
    } else {
        1.0 - ROOM * (-(light - KNEE) / ROOM).exp()
    }
}

fn srgb(light: f32) -> u8 {
    let channel = if light <= 0.003_130_8 {
        light * 12.92
    } else {
        1.055 * light.powf(1.0 / 2.4) - 0.055
    };
    (channel * 255.0).round() as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn light_and_srgb_are_inverse() {
        for value in 0..=255 {
            assert_eq!(light(value * 0x01_01_01).map(srgb), [value as u8; 3]);
        }
    }

    #[test]
    fn no_light_is_too_bright_to_develop() {
        let mut dim = 0.0;
        for light in [0.1, 0.69, 0.71, 1.0, 2.0] {
            let bright = saturate(light);
            assert!(dim < bright && bright < 1.0, "{light}");
            dim = bright;
        }
        assert!(saturate(1e9) <= 1.0);
    }

    #[test]
    fn paint_beyond_the_rim_is_cut_off() {
        let mut canvas = Canvas::night(8);
        let corner = Point { x: 8.0, y: -2.0 };
        canvas.dot(corner, 5.0, 2.0, light(0xFF_FF_FF));
        let picture = canvas.develop();
        assert!(picture.get_pixel(7, 0).0 > picture.get_pixel(0, 7).0);
    }
}
