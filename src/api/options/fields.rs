//! An object of the app's, read property by property.

use std::cell::OnceCell;

use js_sys::{Array, Function, JsString, Object};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};

use crate::{
    browser::location,
    error::{Error, ErrorCode},
    protocol::{scope::Scopes, url},
};

#[wasm_bindgen]
extern "C" {
    // Those of `js_sys` trap where a getter or an iterator of the app's throws.
    #[wasm_bindgen(catch, js_namespace = Array, js_name = from)]
    fn array_from(iterable: &JsValue) -> Result<Array, JsValue>;

    #[wasm_bindgen(catch, js_namespace = Object, js_name = entries)]
    fn object_entries(object: &JsValue) -> Result<Array, JsValue>;

    // That of `js_sys` takes the name as a value, which is one more call.
    #[wasm_bindgen(catch, js_namespace = Reflect, js_name = get)]
    fn reflect_get(object: &JsValue, name: &str) -> Result<JsValue, JsValue>;
}

/// An object of the app's, read property by property. The first mistake is kept, for all that is read with it: after that nothing is read any more.
pub(super) struct Fields<'a> {
    pub(super) object: &'a JsValue,
    /// What its properties are called in an error: `auth.`.
    pub(super) name: &'a str,
    mistake: &'a OnceCell<Error>,
}

/// What `read` makes of an object of the app's, whose properties are called `name` in an error; or the first mistake in it.
pub(super) fn read<T>(object: &JsValue, name: &str, read: impl FnOnce(&Fields<'_>) -> T) -> Result<T, Error> {
    let mistake = OnceCell::new();
    let made = read(&Fields { object, name, mistake: &mistake });
    mistake.into_inner().map_or(Ok(made), Err)
}

impl<'a> Fields<'a> {
    /// Another object, which is part of this one.
    pub(super) fn part(&self, object: &'a JsValue, name: &'a str) -> Self {
        Self { object, name, mistake: self.mistake }
    }

    pub(super) fn get(&self, field: &str) -> Option<JsValue> {
        self.value(field).filter(|value| !is_nothing(value))
    }

    /// A property that cannot be read is wrong, not absent: a default in its place would be a surprise.
    fn value(&self, field: &str) -> Option<JsValue> {
        if self.mistake.get().is_some() || is_nothing(self.object) {
            return None;
        }
        reflect_get(self.object, field).ok().or_else(|| self.wrong(field))
    }

    /// An object that is a property; `undefined` where there is none.
    pub(super) fn group(&self, field: &str) -> JsValue {
        self.get(field).unwrap_or(JsValue::UNDEFINED)
    }

    pub(super) fn wrong<T>(&self, field: &str) -> Option<T> {
        self.mistaken(ErrorCode::InvalidOption, field);
        None
    }

    pub(super) fn mistaken(&self, code: ErrorCode, field: &str) {
        self.keep(Error::about(code, &[self.name, field].concat()));
    }

    pub(super) fn keep(&self, mistake: Error) {
        // The first one counts.
        let _ = self.mistake.set(mistake);
    }

    pub(super) fn read<T>(&self, field: &str, read: impl FnOnce(JsValue) -> Option<T>) -> Option<T> {
        read(self.get(field)?).or_else(|| self.wrong(field))
    }

    /// A text that says something. An empty one is as good as none, as with MSAL.
    pub(super) fn text(&self, field: &str) -> Option<String> {
        self.any_text(field).filter(|text| !text.is_empty())
    }

    pub(super) fn any_text(&self, field: &str) -> Option<String> {
        self.read(field, |value| value.as_string())
    }

    pub(super) fn required_text(&self, field: &str) -> String {
        self.text(field).or_else(|| self.wrong(field)).unwrap_or_default()
    }

    /// A whole number that is not negative.
    pub(super) fn number(&self, field: &str) -> Option<u64> {
        self.read(field, |value| whole(&value))
    }

    pub(super) fn flag(&self, field: &str) -> Option<bool> {
        self.read(field, |value| value.as_bool())
    }

    pub(super) fn function(&self, field: &str) -> Option<Function> {
        self.read(field, |value| value.dyn_into().ok())
    }

    pub(super) fn texts(&self, field: &str) -> Vec<String> {
        self.read(field, texts).unwrap_or_default()
    }

    pub(super) fn scopes(&self, field: &str) -> Scopes {
        Scopes::from_list(self.texts(field))
    }

    /// Options of MSAL's that are not there to be read: without them the app would get something else than it asks for. `false` and `{}` ask for nothing,
    /// nor does the cloud that is called `none`.
    pub(super) fn refuse(&self, fields: &[&str]) {
        let plain = Object::get_prototype_of(&Object::new());
        // An object of a class has what it does in the class.
        let is_empty = |object: &Object| Object::get_prototype_of(object) == plain && Object::keys(object).length() == 0;
        let is_none =
            |value: &JsValue| location::property(value, "azureCloudInstance").as_string().is_some_and(|name| name == "none");
        let asks = |value: &JsValue| value.as_bool() != Some(false) && !value.dyn_ref().is_some_and(is_empty) && !is_none(value);
        for field in fields {
            if self.get(field).as_ref().is_some_and(asks) {
                self.mistaken(ErrorCode::UnsupportedOption, field);
            }
        }
    }

    /// CSS pixels.
    pub(super) fn pixels(&self, field: &str) -> Option<f64> {
        self.read(field, |value| value.as_f64().filter(|number| number.is_finite()))
    }

    /// A URL, normalized; relative ones are the page's.
    pub(super) fn url(&self, field: &str) -> Option<String> {
        self.normalize(&self.text(field)?, field, |_| true)
    }

    /// A URL, normalized, that is not relative.
    pub(super) fn whole_url(&self, field: &str) -> Option<String> {
        self.normalize(&self.text(field)?, field, url::is_whole)
    }

    /// The same, and an empty text for `null`, which says more here than nothing.
    pub(super) fn url_or_null(&self, field: &str) -> Option<String> {
        if self.value(field).is_some_and(|value| value.is_null()) { Some(String::new()) } else { self.url(field) }
    }

    pub(super) fn normalize(&self, url: &str, field: &str, is_meant: fn(&str) -> bool) -> Option<String> {
        let normal = Some(url).filter(|url| is_meant(url)).and_then(location::normalize);
        if normal.is_none() {
            self.mistaken(ErrorCode::UrlParseError, field);
        }
        normal
    }
}

pub(super) fn is_nothing(value: &JsValue) -> bool {
    value.is_undefined() || value.is_null()
}

/// A whole number that is not negative.
pub(super) fn whole(value: &JsValue) -> Option<u64> {
    // A number that is too large is the largest.
    value.as_f64().filter(|number| *number >= 0.0 && number.fract() == 0.0).map(|number| number as u64)
}

/// The entries of a `Map`, or of an object.
pub(super) fn entries(map: &JsValue) -> Option<Vec<(String, JsValue)>> {
    let pairs = if map.is_instance_of::<js_sys::Map>() { array_from(map) } else { object_entries(map) };
    let mut entries = Vec::new();
    for pair in pairs.ok()?.iter() {
        let pair: Array = pair.dyn_into().ok()?;
        entries.push((pair.get(0).as_string()?, pair.get(1)));
    }
    Some(entries)
}

/// A list of texts.
pub(in crate::api) fn texts(value: JsValue) -> Option<Vec<String>> {
    let mut texts = Vec::new();
    for text in value.dyn_into::<Array>().ok()?.iter() {
        texts.push(text.dyn_into::<JsString>().ok()?.into());
    }
    Some(texts)
}
