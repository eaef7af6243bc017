namespace SmsAi.Core.Features.Auditing;

/// <summary>A place outside that keeps a copy of the trail.</summary>
internal interface IAuditSink
{
    /// <summary>A word of audit_copies.sink.</summary>
    string Name { get; }

    /// <summary>Which of several places of this kind it is: whoever names the same one shares how far the copy came. Empty: there is only one.</summary>
    string Place => "";

    /// <summary>Null once all these rows are kept there for good; else why not, in few words without an address. A row may come again: its hash tells.</summary>
    Task<string?> DeliverAsync(IReadOnlyList<AuditLine> rows, CancellationToken cancel);
}
