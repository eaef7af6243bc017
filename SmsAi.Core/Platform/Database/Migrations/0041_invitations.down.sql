drop table operator_invitations;
