drop index users_tagged;
