drop table token_keys, api_keys;
