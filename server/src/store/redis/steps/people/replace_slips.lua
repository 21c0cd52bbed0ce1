-- New codes for the free seats of a group, and the document that says so, over the version that was seen; or nothing.
-- ARGV: 4 that version, 5..9 the document, 10 the group, 11 the series, then the codes, one a free seat. Answers the outcome,
-- how many seats are free, and which of these codes no seat has.
if standing ~= 'fine' then return answer('') end
local group, series = ARGV[10], tonumber(ARGV[11])
local unused, is_same = {}, #ARGV > 11
for place = 12, #ARGV do
  local seat = call('HGET', at('codes'), ARGV[place])
  if not seat then unused[#unused + 1] = ARGV[place] end
  is_same = is_same and seat and group_of(seat) == group
end
local free = call('ZRANGE', at('free:' .. group), 0, -1)
local function says(word) return answer(word, #free, unused) end
if is_same and slips_of(group, 'series') == series then return says('before') end
if version ~= tonumber(ARGV[4]) then return says('stale') end
local told = call('HMGET', at('meeting'), 'phase', 'rules')
local phase = told[1]
local is_on = phase == 'draft' or phase == 'checkin' or phase == 'in_session'
if not is_on or cjson.decode(told[2]).admission ~= 'slips' then return says('not_now') end
if series ~= slips_of(group, 'series') + 1 or #unused ~= #ARGV - 11 then return says('another') end
if #free == 0 or #free ~= #unused then return says('free') end
local old = codes_by_seat()
for place, seat in ipairs(free) do give_code(seat, old[seat], ARGV[11 + place]) end
note_series(group, series, slips_of(group, 'void') + #free)
write_document(5, version + 1)
call('SADD', at('members'), me)
return answer('now')
