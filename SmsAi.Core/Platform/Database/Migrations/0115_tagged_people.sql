-- category: CORE
-- depends: 0001, 0090
-- The tags in use are offered where one is chosen, without walking everybody for them.

create index users_tagged on users (id) where tags <> '{}';
