using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using SmsAi.Core.Features.Access;
using SmsAi.Core.Platform.Database.Identity;
using SmsAi.Tests.Platform.Database;

namespace SmsAi.Tests.Journeys;

/// <summary>Accounts of the console, put straight into the database.</summary>
internal static class Operators
{
    /// <summary>The password of all of them.</summary>
    public const string Password = "four quiet lamps at dusk";

    // Made once: a password's rounds take a while on purpose.
    private static readonly Lazy<string> Hash = new(() => new PasswordHasher<Operator>(
        Options.Create(new PasswordHasherOptions { IterationCount = AccessServices.PasswordRounds })).HashPassword(new Operator(), Password));

    public static Task AddAsync(TestDatabase database, string email, string role) => database.ExecuteAsync(
        """
        with made as (
          insert into operators (user_name, normalized_user_name, email, normalized_email, display_name, password_hash, security_stamp, concurrency_stamp)
          values ($1, upper($1), $1, upper($1), $2, $3, gen_random_uuid()::text, gen_random_uuid()::text) returning id)
        insert into operator_role_members (user_id, role_id) select made.id, r.id from made, operator_roles r where r.name = $2
        """,
        email, role, Hash.Value);
}
