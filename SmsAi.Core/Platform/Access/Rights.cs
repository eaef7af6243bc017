namespace SmsAi.Core.Platform.Access;

/// <summary>What an operator may do, as the names of authorization policies; pages, endpoints and commands ask for these, never for roles.</summary>
public static class Rights
{
    /// <summary>See pages; any role.</summary>
    public const string CanRead = nameof(CanRead);

    /// <summary>Read the bodies of texts.</summary>
    public const string CanReadBodies = nameof(CanReadBodies);

    /// <summary>Stop, pause, hold, send, replay.</summary>
    public const string CanOperate = nameof(CanOperate);

    /// <summary>Resume after a stop, change how the service works.</summary>
    public const string CanAdminister = nameof(CanAdminister);

    /// <summary>Read, export and verify the audit trail.</summary>
    public const string CanReadAudit = nameof(CanReadAudit);

    /// <summary>See and change one's own account; the only right of a session that still lacks the second factor its role asks for.</summary>
    public const string OwnAccount = nameof(OwnAccount);

    /// <summary>Each right with the roles that have it.</summary>
    public static IReadOnlyDictionary<string, string[]> Roles { get; } = new Dictionary<string, string[]>
    {
        [CanRead] = [OperatorRoles.Viewer, OperatorRoles.Auditor, OperatorRoles.Operator, OperatorRoles.Admin, OperatorRoles.Owner],
        [CanReadBodies] = [OperatorRoles.Operator, OperatorRoles.Admin, OperatorRoles.Owner],
        [CanOperate] = [OperatorRoles.Operator, OperatorRoles.Admin, OperatorRoles.Owner],
        [CanAdminister] = [OperatorRoles.Admin, OperatorRoles.Owner],
        [OwnAccount] = [OperatorRoles.Viewer, OperatorRoles.Auditor, OperatorRoles.Operator, OperatorRoles.Admin, OperatorRoles.Owner],
        [CanReadAudit] = [OperatorRoles.Auditor, OperatorRoles.Admin, OperatorRoles.Owner],
    };
}
