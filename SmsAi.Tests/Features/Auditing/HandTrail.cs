using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Platform.Access;
using SmsAi.Tests.Platform.Database;
using SmsAi.Web.Features.Auditing;

namespace SmsAi.Tests.Features.Auditing;

/// <summary>Fills an audit trail for a test, through the only door there is, and breaks it as only the superuser could.</summary>
static class HandTrail
{
    /// <summary>Makes every hash anew, and the head, as someone with the function and a superuser's rights would.</summary>
    public const string HashAnew = """
        do $$
        declare
          line audit;
          last bytea := decode(repeat('00', 32), 'hex');
        begin
          for line in select * from audit order by id loop
            update audit a set previous_hash = last,
              hash = audit_hash(a.id, a.at, a.actor, a.actor_id, a.role, a.action, a.resource, a.metadata, a.ip, a.session, last)
            where a.id = line.id returning a.hash into last;
          end loop;
          update audit_head set hash = last;
        end $$
        """;

    public static Actor Auditor { get; } = new("Vera", 9, OperatorRoles.Auditor, IPAddress.Parse("10.20.0.31"), "session-of-vera");

    public static ChainCheck Check(TestDatabase database) => new(database.Databases, TimeProvider.System, NullLogger<ChainCheck>.Instance);

    /// <summary>So many lines of three people and four acts.</summary>
    public static Task FillAsync(this TestDatabase database, int lines) => database.ExecuteAsync(
        """
        select audit_append((array['Mara', 'Jonas', 'SmsAi'])[1 + n % 3], n % 3, 'Admin', (array['service.pause', 'service.resume', 'hold.place', 'access.signed_in'])[1 + n % 4],
          'switch:pause', jsonb_build_object('reason', 'reason ' || n), '10.20.0.14', 'session-' || n % 3)
        from generate_series(1, $1) n
        """,
        lines);

    public static Task AppendAsync(this TestDatabase database, string action, string resource, string metadata = "{}", Actor? actor = null) =>
        new AuditTrail(database.Databases).AppendAsync(new AuditAct(actor ?? Auditor, action, resource, metadata), CancellationToken.None);

    /// <summary>The operator of a screen as the one who acts, and the line about what she was denied.</summary>
    public static IServiceCollection AddActing(this IServiceCollection services, TestDatabase database) =>
        services.AddSingleton(new AuditTrail(database.Databases)).AddSingleton<Denials>().AddScoped<ActingOperator>();

    /// <summary>As the superuser, past the trigger.</summary>
    public static Task TamperAsync(this TestDatabase database, string sql) =>
        database.ExecuteAsync($"set session_replication_role = replica; {sql}; set session_replication_role = default");
}
