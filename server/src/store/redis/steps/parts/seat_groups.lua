-- A seat as it is kept: its group, a line feed, the subject that it leads (nothing: none that the roster names), a line feed,
-- and all of it once more, sealed: only there is who sits on it.
local function group_and_subject(seat) return string.match(seat, '^(%w+)\n(%d*)\n') end
local function group_of(number)
  local seat = call('HGET', at('seats'), number)
  return seat and (group_and_subject(seat))
end
