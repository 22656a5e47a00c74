//! Lists that are short. What `Vec` has for them is made for long ones, and is compiled anew, in several parts, for each.

/// What there is, in its order.
pub fn of<T>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut list = Vec::new();
    append(&mut list, items);
    list
}

/// Appends what there is, in its order.
pub fn append<T>(list: &mut Vec<T>, items: impl IntoIterator<Item = T>) {
    for item in items {
        list.push(item);
    }
}

/// Keeps what is wanted, in its order.
pub fn retain<T>(list: &mut Vec<T>, mut is_wanted: impl FnMut(&T) -> bool) {
    let mut at = 0;
    while let Some(item) = list.get(at) {
        if is_wanted(item) {
            at = at.saturating_add(1);
        } else {
            list.remove(at);
        }
    }
}
