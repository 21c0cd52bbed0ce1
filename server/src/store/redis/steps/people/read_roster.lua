-- Every seat, by number.
return answer(call('HGETALL', at('seats')))
