//! The browser's own compression, as bytes in and bytes out.

use js_sys::{Array, Reflect, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, ReadableStream, ReadableStreamDefaultReader, ReadableWritablePair};

// web-sys holds these two back as unstable; browsers have had them since 2023.
#[wasm_bindgen]
extern "C" {
    type CompressionStream;
    #[wasm_bindgen(constructor, catch)]
    fn new(format: &str) -> Result<CompressionStream, JsValue>;

    type DecompressionStream;
    #[wasm_bindgen(constructor, catch)]
    fn new(format: &str) -> Result<DecompressionStream, JsValue>;
}

const FORMAT: &str = "deflate-raw";

/// The bytes, smaller. An error when the browser has no `CompressionStream`.
pub async fn deflated(bytes: &[u8]) -> Result<Vec<u8>, JsValue> {
    let transform: JsValue = CompressionStream::new(FORMAT)?.into();
    let (bytes, ended) = through(bytes, transform).await?;
    ended.map(|()| bytes)
}

/// What could be read, and whether that is all of it.
pub struct Inflated {
    pub bytes: Vec<u8>,
    pub complete: bool,
}

/// The bytes as they were. Broken input gives what came before the break; never more than `limit` bytes.
pub async fn inflated(bytes: &[u8], limit: usize) -> Result<Inflated, JsValue> {
    let transform: JsValue = DecompressionStream::new(FORMAT)?.into();
    let (mut bytes, ended) = through_limited(bytes, transform, limit).await?;
    let complete = ended.is_ok() && bytes.len() <= limit;
    bytes.truncate(limit);
    Ok(Inflated { bytes, complete })
}

async fn through(bytes: &[u8], transform: JsValue) -> Result<(Vec<u8>, Result<(), JsValue>), JsValue> {
    through_limited(bytes, transform, usize::MAX).await
}

async fn through_limited(
    bytes: &[u8],
    transform: JsValue,
    limit: usize,
) -> Result<(Vec<u8>, Result<(), JsValue>), JsValue> {
    let blob = Blob::new_with_u8_array_sequence(&Array::of1(&Uint8Array::from(bytes)))?;
    let stream: ReadableStream = blob.stream().pipe_through(transform.unchecked_ref::<ReadableWritablePair>());
    let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
    let mut read = Vec::new();
    while read.len() <= limit {
        let piece = match JsFuture::from(reader.read()).await {
            Ok(piece) => piece,
            Err(broken) => return Ok((read, Err(broken))),
        };
        if Reflect::get(&piece, &"done".into())?.is_truthy() {
            break;
        }
        let chunk: Uint8Array = Reflect::get(&piece, &"value".into())?.unchecked_into();
        read.extend(chunk.to_vec());
    }
    Ok((read, Ok(())))
}
