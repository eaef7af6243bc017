drop table data_protection_keys, setup_links, operator_tokens, operator_logins, operator_role_claims, operator_claims, operator_role_members, operator_roles, operators;
