//! Image files to grey values.

use std::io::Cursor;

use zeroize::Zeroizing;
use zune_jpeg::{
    JpegDecoder,
    zune_core::{bytestream::ZCursor, colorspace::ColorSpace, options::DecoderOptions},
};

use super::{DecodeError, MAX_FILE, MAX_PIXELS, checked_pixels};

/// What the PNG reader may take: four channels for each pixel, and as much again for its buffers.
const PNG_BYTES: usize = 8 * MAX_PIXELS as usize;

/// An image of grey values, row by row from the top.
pub(super) struct Grey {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) pixels: Zeroizing<Vec<u8>>,
}

/// Reads the file by what it begins with; its name says nothing.
pub(super) fn read(file: &[u8]) -> Result<Grey, DecodeError> {
    if file.len() > MAX_FILE {
        Err(DecodeError::FileTooLarge)
    } else if file.starts_with(b"\x89PNG\r\n\x1a\n") {
        read_png(file)
    } else if file.starts_with(b"\xff\xd8\xff") {
        read_jpeg(file)
    } else {
        Err(DecodeError::UnknownFormat)
    }
}

fn read_png(file: &[u8]) -> Result<Grey, DecodeError> {
    let limits = png::Limits { bytes: PNG_BYTES };
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(file), limits);
    decoder.set_transformations(png::Transformations::normalize_to_color8());

    let header = decoder
        .read_header_info()
        .map_err(|_| DecodeError::Unreadable)?;
    let (width, height) = header.size();
    checked_pixels(width, height)?;

    let mut reader = decoder.read_info().map_err(|_| DecodeError::Unreadable)?;
    let size = reader.output_buffer_size().ok_or(DecodeError::Unreadable)?;
    let mut pixels = Zeroizing::new(vec![0; size]);
    reader
        .next_frame(&mut pixels)
        .map_err(|_| DecodeError::Unreadable)?;

    let (color, _) = reader.output_color_type();
    let channels = pixels.chunks_exact(color.samples());
    let grey = channels.map(|pixel| match *pixel {
        [grey] => grey,
        [grey, alpha] => on_white(grey, alpha),
        [red, green, blue] => luma(red, green, blue),
        [red, green, blue, alpha] => on_white(luma(red, green, blue), alpha),
        _ => 0,
    });
    Ok(Grey {
        width,
        height,
        pixels: Zeroizing::new(grey.collect()),
    })
}

fn read_jpeg(file: &[u8]) -> Result<Grey, DecodeError> {
    // The reader's own limits are for each side, and would keep a long image from being judged by its pixels.
    let options = DecoderOptions::default()
        .jpeg_set_out_colorspace(ColorSpace::Luma)
        .set_max_width(usize::from(u16::MAX))
        .set_max_height(usize::from(u16::MAX));
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(file), options);
    decoder
        .decode_headers()
        .map_err(|_| DecodeError::Unreadable)?;
    let (width, height) = decoder.dimensions().ok_or(DecodeError::Unreadable)?;
    let (width, height) = (
        u32::try_from(width).map_err(|_| DecodeError::TooManyPixels)?,
        u32::try_from(height).map_err(|_| DecodeError::TooManyPixels)?,
    );
    checked_pixels(width, height)?;
    let pixels = Zeroizing::new(decoder.decode().map_err(|_| DecodeError::Unreadable)?);
    Ok(Grey {
        width,
        height,
        pixels,
    })
}

/// How bright a colour is: ITU-R BT.601, as JPEG has it, in 256ths.
fn luma(red: u8, green: u8, blue: u8) -> u8 {
    let weigh = |part: u8, weight: u16| u16::from(part).saturating_mul(weight);
    let sum = weigh(red, 77)
        .saturating_add(weigh(green, 150))
        .saturating_add(weigh(blue, 29));
    let [bright, _] = sum.to_be_bytes();
    bright
}

/// A pixel in front of a white ground.
fn on_white(grey: u8, alpha: u8) -> u8 {
    let lack = u16::from(!grey).saturating_mul(u16::from(alpha)) / 255;
    u8::try_from(lack).map_or(0, |lack| !lack)
}
