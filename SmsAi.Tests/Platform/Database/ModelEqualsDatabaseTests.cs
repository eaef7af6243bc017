using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using SmsAi.Core.Pipeline;
using SmsAi.Core.Pipeline.Ledger;
using SmsAi.Core.Pipeline.Limits;
using SmsAi.Core.Platform.Database.Identity;

namespace SmsAi.Tests.Platform.Database;

/// <summary>EF Core's model says what the migrated database says, asked of PostgreSQL's own catalogue.</summary>
public sealed class ModelEqualsDatabaseTests
{
    /// <summary>Tables no entity maps, each with the place that reads and writes it by hand.</summary>
    static readonly Dictionary<string, string> Unmapped = new()
    {
        ["schema_migrations"] = "the migration runner's own, read before any model exists",
        ["user_activity"] = "sums written by a ledger reader, SQL of People",
        ["user_keys"] = "hot path, SQL of the key store; no page reads a key",
        ["search_keys"] = "SQL of the key store; no page reads a key",
        ["consents"] = "hot path, SQL of the intake and the send gate",
        ["blocked_senders"] = "hot path, SQL of the intake",
        ["holds"] = "hot path, SQL of the send gate",
        ["lifted_holds"] = "SQL of Stopping, in the transaction that lifts a hold or puts it back",
        ["freed_senders"] = "SQL of Stopping, in the transaction that frees a number or blocks it again",
        ["conversations"] = "hot path, SQL of Queueing: the lease is a row lock, which EF can't say",
        ["messages"] = "hot path and partitioned: (id, created_at) travel together, SQL of the road and of the lists' keyset pages",
        ["message_sids"] = "hot path, SQL of the intake",
        ["message_terms"] = "a ledger reader's SQL; tsvector is written as text and cast",
        ["queue"] = "hot path, SQL of Queueing",
        ["dead_letters"] = "SQL of Queueing",
        ["hand_texts"] = "SQL of Conversations, in the transaction that queues the text",
        ["reply_drafts"] = "SQL of Conversations, ciphers",
        ["message_marks"] = "SQL of Stories, ciphers",
        ["saved_views"] = "SQL of Conversations",
        ["inbox"] = "a ledger reader's SQL, read by the inbox's keyset pages",
        ["inbox_reads"] = "SQL of Conversations",
        ["inbox_floors"] = "SQL of Conversations",
        ["events"] = "hot path; the cursor over xid8 is SQL of the Ledger",
        ["ledger_cursors"] = "SQL of the Ledger",
        ["controls"] = "truth of the switches: read in the gate's statement, flipped by SQL of Stopping",
        ["control_flips"] = "SQL of Stopping",
        ["control_acknowledgements"] = "SQL of Stopping",
        ["replicas"] = "SQL of Stopping",
        ["replica_figures"] = "written every five seconds and read as a whole, SQL of SystemCheck",
        ["replica_services"] = "written every five seconds and read as a whole, SQL of SystemCheck",
        ["stop_checks"] = "SQL of Stopping",
        ["pause_schedules"] = "an update that decides, SQL of Stopping",
        ["pause_runs"] = "SQL of Stopping",
        ["job_runs"] = "SQL of Jobs: written beside the scheduler, read as the latest of each job",
        ["job_switches"] = "SQL of Jobs",
        ["pause_notices"] = "SQL of the send gate",
        ["spend_days"] = "hot path, SQL of the send gate",
        ["prices"] = "read as a whole into a snapshot by SQL of Replying",
        ["sweep_marks"] = "SQL of the inbound sweep",
        ["webhook_log"] = "written in batches by SQL of the webhooks",
        ["idempotency_keys"] = "an insert that decides, SQL of the API",
        ["installation"] = "SQL of the restore check",
        ["metric_minutes"] = "SQL of Metrics: sums and arrays",
        ["metrics_hourly"] = "SQL of Metrics",
        ["active_days"] = "SQL of Metrics",
        ["sandbox_settings"] = "SQL of the sandbox carrier",
        ["sandbox_messages"] = "SQL of the sandbox carrier",
        ["audit"] = "written by the database's own audit_append; SQL of Auditing for keyset pages and the walk along the chain",
        ["audit_verdicts"] = "SQL of Auditing",
        ["audit_copies"] = "updates that decide, SQL of Auditing",
        ["audit_head"] = "only the database's own audit_append touches it",
        ["person_notes"] = "SQL of People: a note is encrypted before its row exists",
        ["operator_preferences"] = "SQL of Access: one row, read and written whole",
        ["setup_links"] = "an update that decides, SQL of Access",
        ["unknown_tries"] = "an insert that decides, SQL of Access",
        ["operator_sessions"] = "SQL of Access: ends and steps are conditions of one statement",
        ["operator_totp"] = "an update that decides, SQL of Access",
        ["operator_invitations"] = "a delete that decides, SQL of Access",
        ["operator_passkeys"] = "SQL of Access behind Identity's store",
        ["operator_passkey_challenges"] = "a delete that decides, SQL of Access",
        ["operator_recovery_codes"] = "a delete that decides, SQL of Access",
        ["api_keys"] = "SQL of ApiKeys: each call asks it once, and locks it to rotate",
        ["token_keys"] = "SQL of ApiKeys; no page reads a key",
        ["data_protection_keys"] = "SQL of the key ring, which has to work before anything else does",
    };

    sealed record Column(string Table, string Name, string Type, bool Nullable);

    static async Task<List<Column>> ColumnsAsync(TestDatabase database)
    {
        await using var command = database.Owner.CreateCommand("""
            select c.relname, a.attname, format_type(a.atttypid, a.atttypmod), not a.attnotnull
            from pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
            join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            where c.relkind in ('r', 'p') and not c.relispartition and c.relname not like 'qrtz%'
            """);
        await using var rows = await command.ExecuteReaderAsync();
        var columns = new List<Column>();
        while (await rows.ReadAsync()) columns.Add(new(rows.GetString(0), rows.GetString(1), rows.GetString(2), rows.GetBoolean(3)));
        return columns;
    }

    [Fact]
    public async Task Mapped_columns_are_those_of_the_database()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var context = database.Context();
        var mapped = context.Model.GetEntityTypes()
            .SelectMany(entity => entity.GetProperties().Select(property => new Column(
                entity.GetTableName()!, property.GetColumnName(StoreObjectIdentifier.Table(entity.GetTableName()!))!,
                property.GetColumnType(), property.IsColumnNullable())))
            .ToList();
        var tables = mapped.Select(column => column.Table).ToHashSet();
        var real = (await ColumnsAsync(database)).Where(column => tables.Contains(column.Table)).ToList();
        real.Except(mapped).ShouldBeEmpty("in the database, not so in the model");
        mapped.Except(real).ShouldBeEmpty("in the model, not so in the database");
    }

    [Fact]
    public async Task Each_table_is_mapped_or_has_its_reason()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var context = database.Context();
        var mapped = context.Model.GetEntityTypes().Select(entity => entity.GetTableName()!).ToHashSet();
        var real = (await ColumnsAsync(database)).Select(column => column.Table).ToHashSet();
        real.Except(mapped).Except(Unmapped.Keys).ShouldBeEmpty("neither mapped nor on the list with a reason");
        Unmapped.Keys.Except(real).ShouldBeEmpty("on the list, but no such table");
        Unmapped.Keys.Intersect(mapped).ShouldBeEmpty("mapped after all: take it off the list");
    }

    [Fact]
    public async Task Rows_come_back_as_they_are()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("insert into users (id, phone_hash, alias, preferences, tags) values (7, $1, 'calm-otter-07', '{\"a\":{\"b\":true}}', array['x'])", new byte[32]);
        await database.ExecuteAsync("insert into tasks (user_id, conversation_id, inbound_id, inbound_at, priority) values (7, 1, 1, now(), 'high')");
        await using var context = database.Context();

        (await context.Tiers.OrderBy(tier => tier.Id).Select(tier => tier.Name).ToListAsync()).ShouldBe(["free", "premium", "enterprise"]);
        var person = await context.People.SingleAsync();
        person.Alias.ShouldBe("calm-otter-07");
        person.Preferences.RootElement.GetProperty("a").GetProperty("b").GetBoolean().ShouldBeTrue();
        person.Tags.ShouldBe(["x"]);
        (await context.TurnTasks.SingleAsync()).Priority.ShouldBe("high");
    }

    [Fact]
    public async Task Operator_is_kept_with_her_role()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using (var context = database.Context())
        {
            context.Users.Add(new Operator { UserName = "ada@example.com", NormalizedUserName = "ADA@EXAMPLE.COM", DisplayName = "Ada" });
            await context.SaveChangesAsync();
            context.UserRoles.Add(new() { UserId = context.Users.Single().Id, RoleId = context.Roles.Single(role => role.Name == "Owner").Id });
            await context.SaveChangesAsync();
        }
        (await database.ScalarAsync<string>("""
            select o.display_name || ' ' || r.name from operators o
            join operator_role_members m on m.user_id = o.id join operator_roles r on r.id = m.role_id
            """)).ShouldBe("Ada Owner");
        (await database.ScalarAsync<bool>("select created_at between now() - interval '1 minute' and now() from operators")).ShouldBeTrue();
    }
}
