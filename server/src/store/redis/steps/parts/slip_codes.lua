-- The code of each seat: shared by slips that are replaced and by those that are brought back.
local function codes_by_seat()
  local codes, by_seat = call('HGETALL', at('codes')), {}
  for place = 1, #codes, 2 do by_seat[codes[place + 1]] = codes[place] end
  return by_seat
end
local function give_code(seat, old, new)
  call('HDEL', at('codes'), old)
  call('HSET', at('codes'), new, seat)
end
local function slips_of(group, what) return tonumber(call('HGET', at('heads'), what .. ':' .. group) or '0') end
local function note_series(group, series, void) call('HSET', at('heads'), 'series:' .. group, series, 'void:' .. group, void) end
