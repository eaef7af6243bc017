using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.OpenApi;

namespace SmsAi.Web.Platform.Api;

/// <summary>The API for people: every call with what it takes, answers and refuses.</summary>
public sealed partial class DocsPage
{
    private ApiReference? _reference;

    [Inject(Key = ApiDescription.Document)] public required IOpenApiDocumentProvider Description { get; init; }

    protected override async Task OnInitializedAsync() => _reference = ApiReference.Of(await Description.GetOpenApiDocumentAsync());
}
