-- Seats a credential: shared by a claim and by a copy that is brought back.
local function sit(seat, group, credential, leads)
  call('HSET', at('taken'), seat, credential)
  call('HSET', at('credentials'), credential, seat)
  call('ZREM', at('free:' .. group), seat)
  call('HINCRBY', at('heads'), 'present:' .. group, 1)
  if leads ~= '' then
    call('HSET', at('leads'), seat, leads)
    call('HSET', at('led'), leads, seat)
    call('HINCRBY', at('heads'), 'leaders:' .. group, 1)
  end
end
