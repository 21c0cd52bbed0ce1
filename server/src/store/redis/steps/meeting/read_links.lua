-- The links of a meeting: hash, role.
return answer(call('HGETALL', at('links')))
