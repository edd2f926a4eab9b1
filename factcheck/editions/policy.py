"""What a browser may load on a reader's page.

It is sent as a header where a server of ours answers, and stands in every page as well, since an
object store sends no header of ours. A page cannot say who may frame it, nor that it is sandboxed:
browsers heed `frame-ancestors` and `sandbox` in the header alone.
"""

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'"
)
