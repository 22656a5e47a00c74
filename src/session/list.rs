//! Lists that are short. `Vec::retain` is made for long ones, and is compiled anew for each.

/// Keeps what is wanted, in its order.
pub fn retain<T>(list: &mut Vec<T>, mut is_wanted: impl FnMut(&T) -> bool) {
    let mut at = 0;
    while let Some(item) = list.get(at) {
        if is_wanted(item) {
            at += 1;
        } else {
            list.remove(at);
        }
    }
}
