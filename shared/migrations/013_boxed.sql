-- A sealed value is base64 under a name: a third more than its bytes, and the name again in each row. A column may keep it
-- boxed: one byte of the key's number, then the bytes. What is sealed in any other form (null here) stays text.
create function boxed(value text, purpose text) returns bytea language sql immutable strict parallel safe as $$
    select case when value ~ ('^sealed:2:' || purpose || '\.[1-9][0-9]?:') then
        set_byte('\x00', 0, split_part(substr(value, length(purpose) + 11), ':', 1)::int)
        || decode(split_part(value, ':', 4), 'base64')
    end
$$;
create function unboxed(box bytea, purpose text) returns text language sql immutable strict parallel safe as $$
    select 'sealed:2:' || purpose || '.' || get_byte(box, 0) || ':'
        || translate(encode(substr(box, 2), 'base64'), E'\n', '')
$$;
