namespace SmsAi.Core.Features.Settings;

/// <summary>What each setting means, which values it takes, and whether it may be changed while the service runs.</summary>
internal static class SettingMeanings
{
    public sealed record Said(string Group, string Meaning, string Allowed, bool IsLive);

    private const string Model = "Model";
    private const string Answers = "Answers";
    private const string Loops = "Loop guard";
    private const string Money = "Money";
    private const string Carrier = "Carrier";
    private const string Road = "Road";
    private const string Ground = "Connections and files";
    private const string Door = "Access and privacy";
    private const string Sandbox = "Sandbox";

    private static readonly string[] SecretEndings = ["Token", "Secret", "Password", "Key", "Keys"];

    /// <summary>Read without a class of their own.</summary>
    public static readonly string[] Alone =
        ["urls", "KnownProxies", "ConnectionStrings:Postgres", "ConnectionStrings:Migrations", "ConnectionStrings:Redis", "Data:Folder", "Logs:Folder"];

    public static readonly HashSet<string> LongTexts = ["OpenAI:SystemPrompt", "Replies:Apology"];

    /// <summary>The program's own notes, no person's choice.</summary>
    public static readonly HashSet<string> NotForPeople = ["OpenAI:IsSandbox"];

    private static readonly Dictionary<string, Said> All = new(StringComparer.OrdinalIgnoreCase)
    {
        ["OpenAI:Model"] = Live(Model, "The model that answers.", "A name the model's server knows, such as gpt-4o-mini"),
        ["OpenAI:MaxTokens"] = Live(Model, "The longest answer in tokens; 150 are about four parts of a text.", "1 to 16384"),
        ["OpenAI:Temperature"] = Live(Model, "How freely the model answers.", "0 to 2"),
        ["OpenAI:SystemPrompt"] = Live(Model, "What the model is told about its task.", "Any text"),
        ["OpenAI:TimeoutSeconds"] = Live(Model, "How long one answer may take before it counts as lost.", "1 to 300 seconds"),
        ["OpenAI:ApiKey"] = Fixed(Model, "The key to the model's server; without one the sandbox model answers.", "A secret"),
        ["OpenAI:BaseUrl"] = Fixed(Model, "Where the model's server is; any that speaks the same protocol.", "An http or https address"),
        ["Replies:MaxAge"] = Live(Answers, "Older texts are shown to operators and not answered by a machine.", "00:01:00 to 1.00:00:00 (a day)"),
        ["Replies:Segments"] = Live(Answers, "The longest answer in parts of a text; a longer one is cut at the end of a sentence.", "1 to 10"),
        ["Replies:Apology"] = Live(Answers, "What a person gets when every try failed.", "1 to 320 characters"),
        ["Replies:ContextTurns"] = Live(Answers, "How many messages of both sides the model is shown beside the one to answer; each costs tokens.", "0 to 50"),
        ["Replies:ContextWindow"] = Live(Answers, "How old those messages may be.", "00:30:00 to 1.00:00:00 (a day)"),
        ["Conversations:ReturnAfter"] = Live(Answers, "A conversation somebody took over goes back to the AI after so long without an act of hers.", "00:01:00 to 1.00:00:00 (a day)"),
        ["LoopGuard:Enabled"] = Live(Loops, "Whether exchanges that look like two machines are ended. Off only for load tests.", "true or false"),
        ["LoopGuard:RepliesPerMinute"] = Live(Loops, "Answers one person gets in a minute, whatever her tier.", "0 (off) to 10000"),
        ["LoopGuard:PerHour"] = Live(Loops, "Answers one person gets in an hour.", "0 (off) to 100000"),
        ["LoopGuard:PerDay"] = Live(Loops, "Answers one person gets on a day, UTC.", "0 (off) to 1000000"),
        ["LoopGuard:SameText"] = Live(Loops, "The same text so often within ten minutes mutes its sender for an hour.", "0 (off), or 2 to 1000"),
        ["Spend:PerDayUsd"] = Live(Money, "Dollars for model and carrier together on one UTC day; when they are spent, sends are held.", "0 (no cap) to 1000000 dollars"),
        ["Prices:SmsSegmentUsd"] = Live(Money, "What one part of a text costs until the carrier bills it.", "0 to 10 dollars"),
        ["Receipts:PollAfter"] = Live(Carrier, "After so long without a final report the carrier is asked about a text.", "00:00:01 to 1.00:00:00 (a day)"),
        ["Twilio:AccountSid"] = Fixed(Carrier, "The account; webhooks naming another one are refused.", "AC and 32 letters and digits"),
        ["Twilio:AuthToken"] = Fixed(Carrier, "Signs webhooks, and calls the API when no API key is set.", "A secret"),
        ["Twilio:SecondaryAuthToken"] = Fixed(Carrier, "A second token webhooks may be signed with while the first is being changed.", "A secret"),
        ["Twilio:ApiKeySid"] = Fixed(Carrier, "Calls the API instead of the account's token.", "SK and 32 letters and digits"),
        ["Twilio:ApiKeySecret"] = Fixed(Carrier, "Belongs to the API key.", "A secret"),
        ["Twilio:FromNumber"] = Fixed(Carrier, "The number answers come from.", "+ and 7 to 15 digits, or a short code"),
        ["Twilio:MessagingServiceSid"] = Fixed(Carrier, "The Messaging Service that picks the sender.", "MG and 32 letters and digits"),
        ["Twilio:Numbers"] = Fixed(Carrier, "All numbers people may text, when there are more than one.", "A list of numbers"),
        ["Twilio:ApiBaseUrl"] = Fixed(Carrier, "Where the carrier's API is.", "An http or https address"),
        ["Twilio:PublicBaseUrl"] = Fixed(Carrier, "The URL the carrier reaches this service by; webhooks are signed over it.", "An http or https address"),
        ["Twilio:MessagesPerSecond"] = Live(Carrier, "Sends a second of one replica.", "0 (as fast as taken) to 10000"),
        ["Twilio:TimeoutSeconds"] = Fixed(Carrier, "How long one call may take before its outcome counts as unknown and is looked up.", "1 to 60 seconds"),
        ["Api:RequestsPerMinute"] = Live(Door, "Requests an API key may make in a minute, on all replicas together; the stop is never refused.", "0 (off) to 1000000"),
        ["Api:CorsOrigins"] = Fixed(Door, "The sites whose pages may call the API from a browser, with a key; none unless named.", "A list of origins, such as https://desk.example.org"),
        ["Intake:Writers"] = Fixed(Road, "Writers of texts, and transactions of the road that may be under way at once.", "A small whole number"),
        ["Intake:LargestBatch"] = Fixed(Road, "Texts in one of them.", "A whole number"),
        ["Intake:Patience"] = Fixed(Road, "How long a webhook waits for its commit before it is answered 503.", "A duration"),
        ["Queue:TurnsAtOnce"] = Fixed(Road, "Conversations one replica works on at once.", "1 to 10000"),
        ["Queue:SendsAtOnce"] = Fixed(Road, "Texts one replica hands to the carrier at once.", "1 to 10000"),
        ["Queue:Lease"] = Fixed(Road, "How long a lease holds without renewal; a dead replica's work is taken over after it.", "00:00:01 to 00:05:00"),
        ["Queue:Poll"] = Fixed(Road, "How often due work is looked for when no news came.", "00:00:00.050 to 00:00:30"),
        ["Queue:Tries"] = Fixed(Road, "Tries of one answer in all.", "1 to 10"),
        ["Queue:RetryDelay"] = Fixed(Road, "The wait after the first failed try; it doubles.", "A duration"),
        ["Queue:Crashes"] = Fixed(Road, "Crashes after which a text is set aside as a dead letter.", "1 to 10"),
        ["Queue:Settle"] = Fixed(Road, "How long after an uncertain send the carrier's list is trusted to show it.", "A duration"),
        ["Queue:UncertainAtMost"] = Fixed(Road, "How long an uncertain send may stay so before a person must decide.", "A duration"),
        ["urls"] = Fixed(Ground, "Where the service listens.", "Addresses, divided by ;"),
        ["KnownProxies"] = Fixed(Ground, "The proxies in front whose forwarded headers are believed.", "A list of addresses or networks"),
        ["ConnectionStrings:Postgres"] = Fixed(Ground, "The database; without it the service starts its own.", "A secret"),
        ["ConnectionStrings:Migrations"] = Fixed(Ground, "The schema's owner, for migrations only.", "A secret"),
        ["ConnectionStrings:Redis"] = Fixed(Ground, "Redis; without it replicas share by the database alone.", "A secret"),
        ["Database:MigrateOnStart"] = Fixed(Ground, "Whether the schema is migrated at start.", "true or false"),
        ["Redis:TimeoutMilliseconds"] = Fixed(Ground, "How long one operation may take before the service goes on without its answer.", "Milliseconds"),
        ["Redis:FailuresToOpen"] = Fixed(Ground, "Failures in a row after which Redis is left alone and asked again each second.", "A small whole number"),
        ["Data:Folder"] = Fixed(Ground, "Everything the service keeps for itself.", "A folder"),
        ["Logs:Folder"] = Fixed(Ground, "Where the log files are.", "A folder"),
        ["Privacy:PhoneHashKey"] = Fixed(Door, "Finds people by their number.", "A secret of 32 bytes in base64"),
        ["Privacy:EncryptionKey"] = Fixed(Door, "Wraps every person's keys.", "A secret of 32 bytes in base64"),
        ["Privacy:PreviousEncryptionKeys"] = Fixed(Door, "Former encryption keys, still able to unwrap.", "A list of secrets"),
        ["Admin:Email"] = Fixed(Door, "Makes the first owner at start.", "An e-mail address"),
        ["Admin:Password"] = Fixed(Door, "The first owner's password.", "A secret of 12 characters at least"),
        ["Access:SecondFactorRoles"] = Fixed(Door, "Roles that must have a second factor.", "A list of roles"),
        ["Console:ScreensAtOnce"] = Fixed(Door, "Screens of the console one operator may have open on one replica.", "1 to 1000"),
        ["AuditCopy:File"] = Fixed(Door, "A file the audit trail is copied to, line by line.", "A path"),
        ["AuditCopy:Url"] = Fixed(Door, "A webhook outside the audit trail is copied to.", "An http or https address"),
        ["AuditCopy:Secret"] = Fixed(Door, "Signs what is copied to the webhook.", "A secret"),
        ["AuditCopy:RowsAtOnce"] = Fixed(Door, "Rows in one copy.", "A whole number"),
        ["Sandbox:ModelMilliseconds"] = Fixed(Sandbox, "How slow the sandbox model is.", "Milliseconds"),
        ["Sandbox:ReceiptMilliseconds"] = Fixed(Sandbox, "How slow the sandbox carrier's reports are.", "Milliseconds"),
    };

    public static Said? Of(string key) => All.GetValueOrDefault(key);

    /// <summary>Whatever names a secret, also one nobody wrote about here.</summary>
    public static bool IsSecret(string key) =>
        key.StartsWith("ConnectionStrings:", StringComparison.OrdinalIgnoreCase) || SecretEndings.Any(ending => key.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    private static Said Live(string group, string meaning, string allowed) => new(group, meaning, allowed, true);

    private static Said Fixed(string group, string meaning, string allowed) => new(group, meaning, allowed, false);
}
